import type { EventPayload } from '#libs/contracts';
import { agent, days, hours, human, later, ref, refsOf, system, type Arc, type References, type Scene, type Step } from '../step.js';

const PAGES = ['Pricing', 'Integrations', 'Customer stories', 'Security', 'Documentation'];
const SUBJECTS = ['Following up on your inquiry', 'Your trial, one week in', 'Three ideas for your team', 'A short survey'];

/** Someone looks round the site and fills in a form. */
export const siteVisit: Arc = ({ rng, company, person, tag }) => {
  const pages = rng.shuffle(PAGES).slice(0, rng.int(1, 4));
  const visits = pages.map((title, i): Step => ({
    type: 'page.visited',
    after: i === 0 ? 0 : rng.int(1, 9),
    entities: refsOf(person),
    actor: system('analytics'),
    payload: {
      url: `${company.site}/${title.toLowerCase().replaceAll(' ', '-')}`,
      title,
      sessionId: `session-${tag}`,
      durationSeconds: rng.int(5, 400),
    },
  }));
  const fields = { topic: rng.pick(['demo', 'pricing', 'support']), message: 'Could somebody call me back?' };
  const form: Step = {
    type: 'form.submitted',
    after: 3,
    entities: refsOf(person),
    actor: system('web-forms'),
    payload: { app: 'site', formName: 'contact-us', fields },
  };
  return rng.chance(0.6) ? [...visits, form] : visits;
};

interface Mail {
  readonly entities: References;
  readonly payload: { readonly messageId: string; readonly emailSubject: string };
  readonly threadId: string;
}

function mailOf({ rng, person, tag }: Scene): Mail {
  const threadId = `thread-${tag}`;
  return {
    entities: [...refsOf(person), ref('email_thread', threadId)],
    payload: { messageId: `msg-${tag}`, emailSubject: rng.pick(SUBJECTS) },
    threadId,
  };
}

/** A broadcast goes out: opened by a machine, then by the person, clicked, answered. */
export const broadcast: Arc = (scene) => {
  const { company, person, rep, tag } = scene;
  const { entities, payload, threadId } = mailOf(scene);
  const withCampaign: References = [...entities, ref('campaign', 'campaign-spring')];
  const webhook = system('email-webhook');
  const sent = { ...payload, threadId, campaignId: 'campaign-spring', to: [person.email] };
  return [
    { type: 'email.sent', after: 0, entities: withCampaign, actor: human(rep), payload: sent },
    { type: 'email.opened', after: 1, entities, actor: webhook, payload: { ...payload, machine: true, openedVia: 'proxy' } },
    { type: 'email.opened', after: hours(2), entities, actor: webhook, payload: { ...payload, machine: false } },
    { type: 'email.clicked', after: 4, entities, actor: webhook, payload: { ...payload, url: `${company.site}/pricing` } },
    {
      type: 'email.received',
      after: hours(5),
      entities,
      actor: webhook,
      payload: { ...payload, messageId: `reply-${tag}`, inReplyTo: payload.messageId, threadId, snippet: 'Thanks, this helps.' },
    },
  ];
};

/** Mail to an address that does not exist any more. */
export const bouncedMail: Arc = (scene) => {
  const { entities, payload, threadId } = mailOf(scene);
  const bounceType = scene.rng.pick(['hard', 'soft', 'block']);
  return [
    {
      type: 'email.sent',
      after: 0,
      entities,
      actor: agent('follow-up-drafter', scene.rep),
      payload: { ...payload, threadId, to: [scene.person.email] },
    },
    {
      type: 'email.bounced',
      after: 1,
      entities,
      actor: system('email-webhook'),
      payload: { ...payload, bounceType, reason: 'mailbox unavailable' },
    },
  ];
};

const SEQUENCE = { sequenceId: 'seq-welcome', sequenceName: 'Welcome series' };
const ENGINE = system('sequence-engine');

/** A lead arrives by form, is scored, nurtured, paused, resumed, and leaves the sequence. */
export const leadNurtured: Arc = (scene) => {
  const { rng, person } = scene;
  const about: References = [ref('lead', rng.uuid()), ...refsOf(person)];
  const score = rng.int(30, 50);
  return [
    {
      type: 'lead.added',
      after: 0,
      entities: about,
      actor: system('lead-forms'),
      payload: { source: 'website', formName: 'book-a-demo' },
    },
    scored(about, 10, { previousScore: null, newScore: score, previousBand: null, newBand: 'warm' }),
    ...nurturing(scene, about),
    scored(about, 1, { previousScore: score, newScore: score + 22, previousBand: 'warm', newBand: 'hot' }),
    ...leaving(scene, about),
  ];
};

function nurturing({ rng, person, rep, tag }: Scene, about: References): Step[] {
  const entities: References = [...about, ref('sequence', SEQUENCE.sequenceId)];
  const mail = { messageId: `msg-${tag}`, emailSubject: rng.pick(SUBJECTS) };
  const step = { sequenceId: SEQUENCE.sequenceId, stepId: 'step-1', channel: rng.pick(['email', 'email', 'task', 'call']) };
  const executed = { ...step, templateId: 'tmpl-hello', deliveryStatus: 'sent' };
  const paused = { ...SEQUENCE, by: 'manual', reason: 'out of office' } as const;
  return [
    { type: 'nurture.enrolled', after: 30, entities, actor: agent('follow-up-drafter', rep), payload: SEQUENCE },
    {
      type: 'nurture.step_scheduled',
      after: 1,
      entities,
      actor: ENGINE,
      payload: ({ at }) => ({ ...step, scheduledFor: later(at, days(1)) }),
    },
    { type: 'nurture.step_executed', after: days(1), entities, actor: ENGINE, payload: executed },
    { type: 'email.sent', after: 0, entities, actor: ENGINE, payload: { ...mail, ...step, to: [person.email] } },
    { type: 'email.opened', after: hours(3), entities: about, actor: system('email-webhook'), payload: { ...mail, machine: false } },
    { type: 'nurture.paused', after: hours(4), entities, actor: human(rep), payload: paused },
    { type: 'nurture.resumed', after: days(1), entities, actor: human(rep), payload: { ...SEQUENCE, by: 'manual' } },
  ];
}

function leaving({ rng, rep }: Scene, about: References): Step[] {
  const won = rng.chance(0.6);
  const toStage = won ? 'Converted' : 'Disqualified';
  return [
    {
      type: 'lead.status_changed',
      after: hours(2),
      entities: about,
      actor: human(rep),
      payload: { fromStatus: 'new', toStatus: won ? 'qualified' : 'unqualified' },
    },
    {
      type: 'lead.stage_changed',
      after: 15,
      entities: about,
      actor: human(rep),
      payload: { fromStage: 'Inbox', toStage, pipelineId: 'pipeline-leads' },
    },
    {
      type: 'nurture.exited',
      after: 1,
      entities: [...about, ref('sequence', SEQUENCE.sequenceId)],
      actor: ENGINE,
      payload: { ...SEQUENCE, reason: won ? 'conversion' : 'disqualification' },
    },
  ];
}

function scored(entities: References, after: number, change: EventPayload<'lead.score_updated'>): Step {
  const payload = { ...change, modelVersion: 'v1.0', topFactors: ['page visits', 'company size', 'role'] };
  return { type: 'lead.score_updated', after, entities, actor: system('scoring-engine'), payload };
}
