import type { EntityRef, InputTopic } from '#libs/contracts';
import type { Cast } from './population.js';
import type { Random } from './random.js';

/** What one event says, before it is put into an envelope. The first entity is the primary one. */
export interface Said {
  readonly entities: readonly [EntityRef, ...EntityRef[]];
  readonly payload: Record<string, unknown>;
  /** True: a person did it; else the producing system. */
  readonly human?: boolean;
}

/** One kind of event: how often it happens beside the others, on which topic, and what it says. */
export interface Kind {
  readonly type: string;
  readonly topic: InputTopic;
  readonly weight: number;
  readonly say: (cast: Cast, random: Random) => Said;
}

export const contact = ({ contact: id }: Cast): EntityRef => ({ type: 'contact', id, role: 'primary' });
export const lead = ({ lead: id }: Cast): EntityRef => ({ type: 'lead', id, role: 'primary' });
export const account = ({ account: id }: Cast): EntityRef => ({ type: 'account', id });
export const deal = ({ deal: id }: Cast): EntityRef => ({ type: 'deal', id, role: 'primary' });
const thread = (id: string): EntityRef => ({ type: 'email_thread', id });

const SUBJECTS = [
  'Following up on your inquiry',
  'Your trial ends on Friday: what next?',
  'Notes from our call, and the security questionnaire',
  'Re: Proposal for 40 seats, annual billing',
] as const;
const SENTENCES = [
  'They compare us with two others and want to decide before the quarter ends.',
  'Procurement asked for the SOC 2 report and a list of sub-processors.',
  'Happy with the pilot; the blocker is single sign-on for the subsidiary.',
  'Asked to be called back next week, after the budget round.',
] as const;
const PAGES = ['pricing', 'docs/getting-started', 'customers/a-retailer-with-many-stores', 'security', 'blog/forecasting'] as const;
const STAGES = ['Qualification', 'Discovery', 'Proposal', 'Negotiation', 'Contract'] as const;
const STATUSES = ['new', 'working', 'nurturing', 'qualified', 'disqualified'] as const;

export const sentence = (random: Random): string => random.pick(SENTENCES);
export const stage = (random: Random): string => random.pick(STAGES);
export const status = (random: Random): string => random.pick(STATUSES);
export const money = (random: Random): Record<string, string> => ({ amount: `${1_000 + random.below(90_000)}.00`, currency: 'USD' });
const address = (random: Random): string => `203.0.113.${random.below(256)}`;
const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

function email(random: Random): { readonly messageId: string; readonly threadId: string; readonly emailSubject: string } {
  return { messageId: `msg_${random.hex(20)}`, threadId: `thr_${random.hex(16)}`, emailSubject: random.pick(SUBJECTS) };
}

const EMAIL: readonly Kind[] = [
  {
    type: 'email.sent',
    topic: 'crm.email',
    weight: 160,
    say: (cast, random) => {
      const mail = email(random);
      const sequence = { sequenceId: `seq_${random.below(40)}`, stepId: `step_${random.below(6)}`, templateId: `tmpl_${random.below(90)}` };
      return { entities: [contact(cast), account(cast), thread(mail.threadId)], payload: { ...mail, ...sequence, to: [cast.email] } };
    },
  },
  {
    type: 'email.opened',
    topic: 'crm.email',
    weight: 160,
    say: (cast, random) => {
      const { messageId, emailSubject } = email(random);
      const seen = { machine: random.chance(0.3), openedVia: 'pixel', userAgent: browser, ip: address(random) };
      return { entities: [contact(cast), account(cast)], payload: { messageId, emailSubject, ...seen } };
    },
  },
  {
    type: 'email.clicked',
    topic: 'crm.email',
    weight: 50,
    say: (cast, random) => {
      const { messageId, emailSubject } = email(random);
      const url = `https://www.example.com/${random.pick(PAGES)}?utm_source=email&utm_campaign=q3`;
      return {
        entities: [contact(cast), account(cast)],
        payload: { messageId, url, emailSubject, machine: false, userAgent: browser, ip: address(random) },
      };
    },
  },
  {
    type: 'email.received',
    topic: 'crm.email',
    weight: 40,
    say: (cast, random) => {
      const mail = email(random);
      return {
        entities: [contact(cast), account(cast), thread(mail.threadId)],
        payload: { ...mail, inReplyTo: `msg_${random.hex(20)}`, snippet: sentence(random) },
      };
    },
  },
  {
    type: 'email.bounced',
    topic: 'crm.email',
    weight: 10,
    say: (cast, random) => ({
      entities: [contact(cast), account(cast)],
      payload: { messageId: `msg_${random.hex(20)}`, bounceType: random.pick(['hard', 'soft', 'block']), reason: '550 5.1.1 user unknown' },
    }),
  },
];

const WEB: readonly Kind[] = [
  {
    type: 'page.visited',
    topic: 'crm.web',
    weight: 200,
    say: (cast, random) => {
      const page = random.pick(PAGES);
      const url = `https://www.example.com/${page}?ref=${random.hex(8)}`;
      const visit = { title: `Example Inc. – ${page}`, referrer: 'https://search.example.com/results?q=crm+timeline' };
      return {
        entities: [contact(cast), account(cast)],
        payload: { url, ...visit, sessionId: `ses_${random.hex(16)}`, durationSeconds: random.below(300), ip: address(random) },
      };
    },
  },
  {
    type: 'form.submitted',
    topic: 'crm.web',
    weight: 12,
    say: (cast, random) => ({
      entities: [lead(cast), account(cast)],
      payload: {
        app: 'website',
        formName: 'Talk to sales',
        fields: { email: cast.email, seats: random.below(500), message: sentence(random) },
      },
    }),
  },
];

const ENGAGEMENT: readonly Kind[] = [
  {
    type: 'call.completed',
    topic: 'crm.engagement',
    weight: 35,
    say: (cast, random) => ({
      human: true,
      entities: [contact(cast), account(cast), { type: 'call', id: `call_${random.hex(16)}` }],
      payload: {
        ...{ direction: random.pick(['inbound', 'outbound']), durationSeconds: random.below(3_600), phone: '+15550100123' },
        ...{ outcome: random.pick(['positive', 'neutral', 'no answer']), text: sentence(random) },
      },
    }),
  },
  {
    type: 'meeting.logged',
    topic: 'crm.engagement',
    weight: 15,
    say: (cast, random) => ({
      human: true,
      entities: [contact(cast), account(cast)],
      payload: {
        durationSeconds: 1_800,
        location: 'Room 4',
        attendees: [cast.email, cast.colleague],
        outcome: 'positive',
        text: sentence(random),
      },
    }),
  },
  {
    type: 'note.added',
    topic: 'crm.engagement',
    weight: 40,
    say: (cast, random) => ({
      human: true,
      entities: [contact(cast), account(cast)],
      payload: { text: `${sentence(random)} ${sentence(random)} ${sentence(random)}`, pinned: random.chance(0.05) },
    }),
  },
  {
    type: 'comment.added',
    topic: 'crm.comment',
    weight: 10,
    say: (cast, random) => ({
      human: true,
      entities: [contact(cast), { type: 'user', id: cast.colleague, role: 'mentioned' }],
      payload: { commentId: `cmt_${random.hex(16)}`, text: sentence(random), mentions: [cast.colleague] },
    }),
  },
];

/** The busy kinds, in the catalogue's names; `kinds-records.ts` has those about records and processes. */
export const BUSY_KINDS: readonly Kind[] = [...EMAIL, ...WEB, ...ENGAGEMENT];
