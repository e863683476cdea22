import type { EventPayload } from '#libs/contracts';
import { fateOf, type Fate } from '../fate.js';
import { newPerson } from '../newcomers.js';
import { agent, days, hours, human, later, ref, refsOf, system, type Arc, type References, type Scene, type Step } from '../step.js';
import { contactJoins } from './founding.js';
import { answered, mailOf, opened, visit } from './mail.js';
import { dealOf } from './sales.js';

const SEQUENCE = { sequenceId: 'seq-welcome', sequenceName: 'Welcome series' };
const ENGINE = system('sequence-engine');

/** Somebody new asks for a demo, is nurtured, and becomes a customer, or does not. */
export const journey: Arc = (scene) => {
  const person = newPerson(scene.rng, scene.person.account, scene.tag);
  const theirs = { ...scene, person };
  return [...contactJoins(theirs), ...leadOf(theirs, fateOf(person.email))];
};

/** From the first visit to the outcome. */
export function leadOf(scene: Scene, fate: Fate): Step[] {
  const { person, rep, tag } = scene;
  const about: References = [ref('lead', `lead-${tag}`), ...refsOf(person)];
  const form = { app: 'site', formName: 'book-a-demo', fields: { topic: 'demo', message: 'Could somebody call me back?' } };
  const status = fate === 'leaves' ? 'disqualified' : 'qualified';
  return [
    visit(scene, 'Customer stories', 0),
    visit(scene, 'Integrations', 3),
    { type: 'form.submitted', after: 2, entities: refsOf(person), actor: system('web-forms'), payload: form },
    {
      ...{ type: 'lead.added', after: 1, entities: about, actor: system('lead-forms') },
      payload: { source: 'website', formName: 'book-a-demo' },
    },
    scored(about, 10, { previousScore: null, newScore: 34, previousBand: null, newBand: 'warm' }),
    ...nurtured(scene, about, fate),
    visit(scene, 'Pricing', 20),
    ...(fate === 'leaves' ? [] : demoHeld(scene)),
    {
      ...{ type: 'lead.status_changed', after: hours(2), entities: about, actor: human(rep) },
      payload: { fromStatus: 'new', toStatus: status },
    },
    scored(about, 1, { previousScore: 34, newScore: 61, previousBand: 'warm', newBand: 'hot' }),
    stage(about, rep, fate === 'leaves' ? 'Disqualified' : 'Converted'),
    ...(fate === 'leaves' ? [exited(about, 'disqualification')] : dealOf(scene, fate === 'buys')),
  ];
}

/** They choose an hour, and are shown the product: no letters in between. */
function demoHeld({ person, company, rep, rng, tag }: Scene): Step[] {
  const about = refsOf(person);
  const entities = [ref('reservation', `reservation-demo-${tag}`), ...about, ref('merchant', company.merchantId)] as const;
  const call = { direction: 'outbound', durationSeconds: rng.int(900, 2700), outcome: 'demo held', phone: '+15550100' } as const;
  return [
    {
      ...{ type: 'reservation.booked', after: 10, entities, actor: system('reservations') },
      payload: ({ at }) => ({ startsAt: later(at, days(1)), resource: 'Product demo', partySize: 2, timeZone: 'Europe/Berlin' }),
    },
    {
      ...{ type: 'call.completed', after: days(1), entities: [...about, ref('call', `call-demo-${tag}`)], actor: human(rep) },
      payload: call,
    },
  ];
}

/** What the sequence engine does while it runs: the steps, the mail, and what the reader makes of it. */
function nurtured(scene: Scene, about: References, fate: Fate): Step[] {
  const { person, rep } = scene;
  const entities: References = [...about, ref('sequence', SEQUENCE.sequenceId)];
  const mail = mailOf(scene, 'Following up on your inquiry', [about[0]]);
  const step = { sequenceId: SEQUENCE.sequenceId, stepId: 'hello', channel: 'email' } as const;
  const { sequenceId, stepId } = step;
  const paused = { ...SEQUENCE, by: 'manual', reason: 'out of office' } as const;
  const steps: Step[] = [
    { type: 'nurture.enrolled', after: 30, entities, actor: agent('follow-up-drafter', rep), payload: SEQUENCE },
    {
      ...{ type: 'nurture.step_scheduled', after: 1, entities, actor: ENGINE },
      payload: ({ at }) => ({ ...step, scheduledFor: later(at, days(1)) }),
    },
    {
      ...{ type: 'nurture.step_executed', after: days(1), entities, actor: ENGINE },
      payload: { ...step, templateId: 'tmpl-hello', deliveryStatus: 'sent' },
    },
    {
      ...{ type: 'email.sent', after: 0, entities: [...entities, ...mail.entities.slice(3)], actor: ENGINE },
      payload: { ...mail.payload, threadId: mail.threadId, sequenceId, stepId, to: [person.email] },
    },
    opened(mail, hours(3)),
    { type: 'nurture.paused', after: hours(4), entities, actor: human(rep), payload: paused },
    { type: 'nurture.resumed', after: days(1), entities, actor: human(rep), payload: { ...SEQUENCE, by: 'manual' } },
  ];
  if (fate !== 'leaves') steps.push(answered(mail, hours(2), 'Yes, next week would suit me.'), exited(about, 'reply'));
  return steps.map((one) => ({ ...one, by: 'sequence-engine' }));
}

function exited(about: References, reason: 'reply' | 'disqualification'): Step {
  const entities: References = [...about, ref('sequence', SEQUENCE.sequenceId)];
  return { type: 'nurture.exited', after: 1, entities, actor: ENGINE, payload: { ...SEQUENCE, reason } };
}

function stage(entities: References, rep: string, toStage: string): Step {
  const payload = { fromStage: 'Inbox', toStage, pipelineId: 'pipeline-leads' };
  return { type: 'lead.stage_changed', after: 15, entities, actor: human(rep), payload };
}

function scored(entities: References, after: number, change: EventPayload<'lead.score_updated'>): Step {
  const payload = { ...change, modelVersion: 'v0', topFactors: ['form.submitted', 'email.received', 'page.visited'] };
  return { type: 'lead.score_updated', after, entities, actor: system('scoring-engine'), payload };
}
