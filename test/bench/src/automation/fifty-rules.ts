import type { Rule } from '#libs/rules';

const tell = (user: string): Rule['then'] => [{ notify: { user } }];
const vip = { field: 'contact.tags', op: 'includes', value: 'vip' } as const;
const champion = { field: 'contact.tags', op: 'includes', value: 'champion' } as const;
const PAGES = ['pricing', 'security', 'customers', 'docs', 'blog'] as const;
const SUBJECTS = ['Following up', 'Your trial', 'Notes from', 'Re: Proposal'] as const;

/** On the most frequent types, where rules cost most; a third of them look at tags. */
const ON_FREQUENT: readonly Rule[] = [
  ...PAGES.flatMap((page): Rule[] => {
    const seen = { field: 'payload.url', op: 'contains', value: `/${page}` } as const;
    return [
      { name: `vip on ${page}`, on: ['page.visited'], if: { all: [seen, vip] }, then: tell('rep-1') },
      {
        name: `${page} for long`,
        on: ['page.visited'],
        if: { all: [seen, { field: 'payload.durationSeconds', op: 'gt', value: 3_600 }] },
        then: tell('rep-2'),
      },
      { name: `champion clicked ${page}`, on: ['email.clicked'], if: { all: [seen, champion] }, then: tell('rep-3') },
    ];
  }),
  ...SUBJECTS.flatMap((subject): Rule[] => {
    const about = { field: 'payload.emailSubject', op: 'startsWith', value: subject } as const;
    const person = { not: { field: 'payload.machine', op: 'eq', value: true } } as const;
    return [
      { name: `vip opened ${subject}`, on: ['email.opened'], if: { all: [about, person, vip] }, then: tell('rep-1'), maxAgeHours: 4 },
      {
        name: `opened by pixel ${subject}`,
        on: ['email.opened'],
        if: { all: [about, { field: 'payload.openedVia', op: 'eq', value: 'proxy' }] },
        then: tell('rep-2'),
      },
      { name: `answered ${subject}`, on: ['email.received'], if: { all: [about, vip] }, then: tell('rep-3') },
      {
        name: `sent ${subject}`,
        on: ['email.sent'],
        if: {
          all: [
            about,
            { field: 'payload.sequenceId', op: 'in', value: ['seq_1', 'seq_2'] },
            { field: 'payload.stepId', op: 'eq', value: 'step_9' },
          ],
        },
        then: tell('rep-4'),
      },
    ];
  }),
];

const ON_OTHERS: readonly Rule[] = [
  ...[10_000, 50_000, 90_000].map((amount): Rule => ({
    name: `won above ${amount}`,
    on: ['deal.won'],
    if: { field: 'payload.amount', op: 'gt', value: amount },
    then: tell('lead-1'),
  })),
  ...['Proposal', 'Negotiation', 'Contract'].map((stage): Rule => ({
    name: `to ${stage}`,
    on: ['deal.stage_changed', 'lead.stage_changed'],
    if: { field: 'payload.toStage', op: 'eq', value: stage },
    then: tell('lead-1'),
  })),
  ...['hard', 'soft', 'block'].map((bounce): Rule => ({
    name: `bounced ${bounce}`,
    on: ['email.bounced'],
    if: { field: 'payload.bounceType', op: 'eq', value: bounce },
    then: tell('ops'),
  })),
  ...['qualified', 'disqualified'].map((status): Rule => ({
    name: `became ${status}`,
    on: ['lead.status_changed'],
    if: { field: 'payload.toStatus', op: 'eq', value: status },
    then: tell('lead-2'),
  })),
  ...[0.8, 0.9, 0.95].map((strength): Rule => ({
    name: `signal above ${strength}`,
    on: ['signal.detected'],
    if: { field: 'payload.strength', op: 'gte', value: strength },
    then: tell('rep-5'),
  })),
  ...[600, 1_800].map((seconds): Rule => ({
    name: `call above ${seconds} s`,
    on: ['call.completed', 'meeting.logged'],
    if: { all: [{ field: 'payload.durationSeconds', op: 'gt', value: seconds }, vip] },
    then: tell('rep-6'),
  })),
  { name: 'ticket of a vip', on: ['ticket.created', 'ticket.replied'], if: vip, then: tell('support') },
  { name: 'order of a vip', on: ['order.placed'], if: vip, then: tell('support') },
  { name: 'form', on: ['form.submitted'], if: { field: 'actor.type', op: 'eq', value: 'agent' }, then: tell('rep-7') },
];

/** A tenant's rules as it might have them: 50, some of them on everything that happens often. */
export const FIFTY_RULES: readonly Rule[] = [...ON_FREQUENT, ...ON_OTHERS].slice(0, 50);
