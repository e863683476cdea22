import { agent, hours, human, ref, refsOf, system, type Arc, type References, type Scene, type Step } from '../step.js';

const SUBJECTS = ['Your trial, one week in', 'Three ideas for your team', 'A short survey', 'What is new this spring'];
const WEBHOOK = system('email-webhook');

/** A message to the person of the scene, before it is known what becomes of it. */
export interface Mail {
  readonly entities: References;
  readonly payload: { readonly messageId: string; readonly emailSubject: string };
  readonly threadId: string;
}

export function mailOf({ person, tag }: Scene, emailSubject: string, more: References | readonly [] = []): Mail {
  const threadId = `thread-${tag}`;
  return {
    entities: [...refsOf(person), ...more, ref('email_thread', threadId)],
    payload: { messageId: `msg-${tag}`, emailSubject },
    threadId,
  };
}

export const opened = ({ entities, payload }: Mail, after: number): Step => ({
  ...{ type: 'email.opened', after, entities, actor: WEBHOOK },
  payload: { ...payload, machine: false },
});

export const clicked = ({ entities, payload }: Mail, url: string): Step => ({
  ...{ type: 'email.clicked', after: 4, entities, actor: WEBHOOK },
  payload: { ...payload, url },
});

export const answered = ({ entities, payload, threadId }: Mail, after: number, snippet: string): Step => ({
  ...{ type: 'email.received', after, entities, actor: WEBHOOK },
  payload: { ...payload, messageId: `${payload.messageId}-reply`, inReplyTo: payload.messageId, threadId, snippet },
});

/** A visit to a page of the company's site. */
export function visit({ company, person, tag, rng }: Scene, title: string, after: number): Step {
  const url = `${company.site}/${title.toLowerCase().replaceAll(' ', '-')}`;
  return {
    ...{ type: 'page.visited', after, entities: refsOf(person), actor: system('analytics') },
    payload: { url, title, sessionId: `session-${tag}`, durationSeconds: rng.int(5, 400) },
  };
}

/** A broadcast goes out: opened by a machine, then by the person; some click and read on, some of those answer and are called. */
export const broadcast: Arc = (scene) => {
  const { company, person, rep, rng } = scene;
  const mail = mailOf(scene, rng.pick(SUBJECTS), [ref('campaign', 'campaign-spring')]);
  const { entities, payload, threadId } = mail;
  const steps: Step[] = [
    {
      ...{ type: 'email.sent', after: 0, entities, actor: human(rep) },
      payload: { ...payload, threadId, campaignId: 'campaign-spring', to: [person.email] },
    },
    { type: 'email.opened', after: 1, entities, actor: WEBHOOK, payload: { ...payload, machine: true, openedVia: 'proxy' } },
    opened(mail, hours(2)),
  ];
  if (!rng.chance(0.6)) return steps;
  steps.push(clicked(mail, `${company.site}/pricing`), visit(scene, 'Pricing', 0));
  if (!rng.chance(0.6)) return steps;
  return [...steps, answered(mail, hours(5), 'Thanks, this helps. Could you call me?'), callBack(scene, hours(2))];
};

function callBack({ person, rep, rng, tag }: Scene, after: number): Step {
  const payload = { direction: 'outbound', durationSeconds: rng.int(120, 2400), outcome: 'positive', phone: '+15550100' } as const;
  return { type: 'call.completed', after, entities: [...refsOf(person), ref('call', `call-${tag}`)], actor: human(rep), payload };
}

/** Mail to an address that does not exist any more: it comes back, and somebody asks for the new one. */
export const bouncedMail: Arc = (scene) => {
  const { person, rep, rng } = scene;
  const { entities, payload, threadId } = mailOf(scene, 'Following up on your inquiry');
  return [
    {
      ...{ type: 'email.sent', after: 0, entities, actor: agent('follow-up-drafter', rep) },
      payload: { ...payload, threadId, to: [person.email] },
    },
    {
      ...{ type: 'email.bounced', after: 1, entities, actor: WEBHOOK },
      payload: { ...payload, bounceType: rng.pick(['hard', 'soft', 'block']), reason: 'mailbox unavailable' },
    },
    {
      ...{ type: 'note.added', after: hours(1), entities: refsOf(person), actor: human(rep) },
      payload: { text: 'Mail comes back. Asked the switchboard for the new address.', pinned: false },
    },
  ];
};

/** A valued contact reads a personal offer: whoever has asked to be told of that is told. */
export const vipNoticed: Arc = (scene) => {
  const { company, person, rep } = scene;
  const mail = mailOf(scene, 'An offer made for you');
  const { entities, payload, threadId } = mail;
  return [
    { type: 'contact.tagged', after: 0, entities: refsOf(person), actor: system('tagging-hook'), payload: { tag: 'vip' } },
    { type: 'email.sent', after: 30, entities, actor: human(rep), payload: { ...payload, threadId, to: [person.email] } },
    opened(mail, hours(1)),
    clicked(mail, `${company.site}/offers`),
    answered(mail, hours(3), 'This looks good. Let us talk on Thursday.'),
    callBack(scene, hours(18)),
  ];
};
