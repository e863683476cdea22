import { account, contact, deal, lead, money, sentence, stage, status, type Kind } from './kinds.js';

const CONTACTS: readonly Kind[] = [
  {
    type: 'contact.added',
    topic: 'crm.contact',
    weight: 20,
    say: (cast) => ({ entities: [contact(cast), account(cast)], payload: { name: cast.firstName, email: cast.email, source: 'import' } }),
  },
  {
    type: 'contact.tagged',
    topic: 'crm.contact',
    weight: 25,
    say: (cast, random) => ({ entities: [contact(cast), account(cast)], payload: { tag: random.pick(['vip', 'newsletter', 'champion']) } }),
  },
  {
    type: 'contact.untagged',
    topic: 'crm.contact',
    weight: 5,
    say: (cast) => ({ entities: [contact(cast), account(cast)], payload: { tag: 'newsletter' } }),
  },
  {
    type: 'account.added',
    topic: 'crm.account',
    weight: 5,
    say: (cast) => ({
      entities: [{ ...account(cast), role: 'primary' }],
      payload: { name: 'Example Retail Group', domain: 'retail.example.com', source: 'import' },
    }),
  },
];

const DEALS: readonly Kind[] = [
  {
    type: 'deal.created',
    topic: 'crm.deal',
    weight: 12,
    say: (cast, random) => ({
      human: true,
      entities: [deal(cast), account(cast), { type: 'contact', id: cast.contact }],
      payload: { dealName: 'Annual plan, 40 seats', stage: stage(random), ...money(random) },
    }),
  },
  {
    type: 'deal.stage_changed',
    topic: 'crm.deal',
    weight: 25,
    say: (cast, random) => ({
      human: true,
      entities: [deal(cast), account(cast), { type: 'contact', id: cast.contact }],
      payload: { fromStage: stage(random), toStage: stage(random), pipelineId: 'pipe_default', dealName: 'Annual plan', ...money(random) },
    }),
  },
  {
    type: 'deal.won',
    topic: 'crm.deal',
    weight: 4,
    say: (cast, random) => ({ human: true, entities: [deal(cast), account(cast)], payload: { dealName: 'Annual plan', ...money(random) } }),
  },
  {
    type: 'deal.lost',
    topic: 'crm.deal',
    weight: 6,
    say: (cast, random) => ({
      human: true,
      entities: [deal(cast), account(cast)],
      payload: { dealName: 'Annual plan', reason: 'went with another vendor', ...money(random) },
    }),
  },
];

const LEADS: readonly Kind[] = [
  {
    type: 'lead.added',
    topic: 'crm.lead',
    weight: 18,
    say: (cast) => ({ entities: [lead(cast), account(cast)], payload: { source: 'website', formName: 'Talk to sales' } }),
  },
  {
    type: 'lead.status_changed',
    topic: 'crm.lead',
    weight: 22,
    say: (cast, random) => ({
      human: true,
      entities: [lead(cast), account(cast)],
      payload: { fromStatus: status(random), toStatus: status(random) },
    }),
  },
  {
    type: 'lead.stage_changed',
    topic: 'crm.lead',
    weight: 10,
    say: (cast, random) => ({ entities: [lead(cast), account(cast)], payload: { fromStage: stage(random), toStage: stage(random) } }),
  },
  {
    type: 'lead.score_updated',
    topic: 'crm.lead',
    weight: 40,
    say: (cast, random) => {
      const scores = { previousScore: random.below(100), newScore: random.below(100), previousBand: 'warm', newBand: 'hot' };
      const topFactors = ['opened three emails', 'visited pricing', 'company size fits'];
      return { entities: [lead(cast), account(cast)], payload: { ...scores, modelVersion: 'v1.4', topFactors } };
    },
  },
];

const PROCESSES: readonly Kind[] = [
  {
    type: 'enrichment.completed',
    topic: 'crm.enrichment',
    weight: 16,
    say: (cast) => {
      const found = { linkedinUrl: 'https://social.example.com/in/someone', companySize: '11-50', industry: 'SaaS', provider: 'acme' };
      return { entities: [contact(cast), account(cast)], payload: { ...found, website: 'https://retail.example.com' } };
    },
  },
  {
    type: 'signal.detected',
    topic: 'crm.signal',
    weight: 12,
    say: (cast, random) => ({
      entities: [contact(cast), account(cast)],
      payload: { signalType: 'hiring', strength: random.below(100) / 100, source: 'job boards', description: sentence(random) },
    }),
  },
  {
    type: 'playbook.executed',
    topic: 'crm.playbook',
    weight: 5,
    say: (cast) => ({
      entities: [contact(cast), account(cast)],
      payload: { playbookId: 'pb_7', playName: 'Warm intro', outcome: 'completed' },
    }),
  },
  {
    type: 'nurture.step_executed',
    topic: 'crm.nurture',
    weight: 28,
    say: (cast, random) => {
      const sequenceId = `seq_${random.below(40)}`;
      const step = { stepId: `step_${random.below(6)}`, channel: 'email', templateId: 'tmpl_followup_2', deliveryStatus: 'sent' };
      return { entities: [lead(cast), account(cast), { type: 'sequence', id: sequenceId }], payload: { sequenceId, ...step } };
    },
  },
  {
    type: 'nurture.enrolled',
    topic: 'crm.nurture',
    weight: 9,
    say: (cast) => ({ entities: [lead(cast), account(cast)], payload: { sequenceId: 'seq_3', sequenceName: 'New trials' } }),
  },
  {
    type: 'nurture.exited',
    topic: 'crm.nurture',
    weight: 6,
    say: (cast) => ({
      entities: [lead(cast), account(cast)],
      payload: { sequenceId: 'seq_3', sequenceName: 'New trials', reason: 'reply' },
    }),
  },
];

const SERVICE: readonly Kind[] = [
  {
    type: 'ticket.created',
    topic: 'crm.ticket',
    weight: 7,
    say: (cast, random) => ({
      entities: [{ type: 'ticket', id: `tic_${random.hex(12)}`, role: 'primary' }, { type: 'contact', id: cast.contact }, account(cast)],
      payload: { subject: 'Cannot export the quarterly report', priority: 'high', channel: 'email' },
    }),
  },
  {
    type: 'ticket.replied',
    topic: 'crm.ticket',
    weight: 12,
    say: (cast, random) => ({
      entities: [{ type: 'ticket', id: `tic_${random.hex(12)}`, role: 'primary' }, { type: 'contact', id: cast.contact }, account(cast)],
      payload: { direction: 'outbound', subject: 'Cannot export the quarterly report', snippet: sentence(random) },
    }),
  },
  {
    type: 'order.placed',
    topic: 'crm.commerce',
    weight: 8,
    say: (cast, random) => ({
      entities: [{ type: 'order', id: `ord_${random.hex(12)}`, role: 'primary' }, { type: 'contact', id: cast.contact }, account(cast)],
      payload: { orderNumber: `SO-${random.below(100_000)}`, total: `${10 + random.below(2_000)}.50`, currency: 'EUR', itemCount: 3 },
    }),
  },
  {
    type: 'reservation.booked',
    topic: 'crm.commerce',
    weight: 3,
    say: (cast, random) => ({
      entities: [
        { type: 'reservation', id: `res_${random.hex(12)}`, role: 'primary' },
        { type: 'contact', id: cast.contact },
      ],
      payload: {
        startsAt: '2031-03-04T18:00:00Z',
        endsAt: '2031-03-04T20:00:00Z',
        resource: 'demo room',
        partySize: 4,
        timeZone: 'Europe/Paris',
      },
    }),
  },
];

/** Kinds about records and the processes around them. */
export const RECORD_KINDS: readonly Kind[] = [...CONTACTS, ...DEALS, ...LEADS, ...PROCESSES, ...SERVICE];
