import { agent, days, hours, human, ref, refsOf, system, type Arc, type References, type Step } from '../step.js';

const PRODUCTS = ['annual plan', 'pilot', 'renewal', 'extra seats', 'onboarding'];
const REASONS = ['budget', 'timing', 'chose another product'];

/** An opportunity from the first signal to its outcome. */
export const deal: Arc = ({ rng, person, rep, tag }) => {
  const id = `deal-${tag}`;
  const entities = [ref('deal', id), ...refsOf(person)] as const;
  const money = { amount: `${rng.int(2, 90) * 500}.00`, currency: rng.pick(['USD', 'EUR', 'GBP']) };
  const dealName = `${person.account.name}: ${rng.pick(PRODUCTS)}`;
  const move = (after: number, fromStage: string, toStage: string): Step => ({
    type: 'deal.stage_changed',
    after,
    entities,
    actor: human(rep),
    payload: { fromStage, toStage, pipelineId: 'pipeline-sales', dealName, ...money },
  });
  const outcome: Step = rng.chance(0.6)
    ? { type: 'deal.won', after: days(1), entities, actor: human(rep), payload: { dealName, ...money } }
    : { type: 'deal.lost', after: days(1), entities, actor: human(rep), payload: { dealName, reason: rng.pick(REASONS), ...money } };
  return [
    signal(person.account.id, rng.int(40, 99) / 100),
    play(person.account.id),
    { type: 'deal.created', after: hours(4), entities, actor: human(rep), payload: { dealName, stage: 'Discovery', ...money } },
    call(entities, rep, tag, rng.int(120, 2400)),
    move(10, 'Discovery', 'Proposal'),
    meeting(entities, rep, person.email, rng.int(2, 6) * 900),
    move(hours(20), 'Proposal', 'Negotiation'),
    note(entities, rep),
    outcome,
  ];
};

/** The other end of the same kind of opportunity, so that both outcomes are seen early. */
export const lostDeal: Arc = ({ rng, person, rep, tag }) => {
  const entities = [ref('deal', `deal-${tag}`), ...refsOf(person)] as const;
  const dealName = `${person.account.name}: ${rng.pick(PRODUCTS)}`;
  const amount = { amount: '4800.00', currency: 'EUR' };
  return [
    { type: 'deal.created', after: 0, entities, actor: human(rep), payload: { dealName, stage: 'Discovery', ...amount } },
    { type: 'deal.lost', after: days(1), entities, actor: human(rep), payload: { dealName, reason: rng.pick(REASONS), ...amount } },
  ];
};

/** And the happy one. */
export const wonDeal: Arc = ({ rng, person, rep, tag }) => {
  const entities = [ref('deal', `deal-${tag}`), ...refsOf(person)] as const;
  const dealName = `${person.account.name}: ${rng.pick(PRODUCTS)}`;
  return [
    { type: 'deal.created', after: 0, entities, actor: human(rep), payload: { dealName, stage: 'Discovery' } },
    { type: 'deal.won', after: days(1), entities, actor: human(rep), payload: { dealName, amount: '12500.00', currency: 'USD' } },
  ];
};

function signal(accountId: string, strength: number): Step {
  const payload = { signalType: 'pricing_page_surge', strength, source: 'analytics', description: 'Many visits to the pricing page' };
  return { type: 'signal.detected', after: 0, entities: [ref('account', accountId)], actor: system('signal-engine'), payload };
}

function play(accountId: string): Step {
  const payload = { playbookId: 'play-intent', playName: 'Answer intent', outcome: 'completed' } as const;
  return { type: 'playbook.executed', after: 5, entities: [ref('account', accountId)], actor: system('playbook-engine'), payload };
}

function call(entities: References, rep: string, tag: string, durationSeconds: number): Step {
  const payload = { direction: 'outbound', durationSeconds, outcome: 'positive', phone: '+15550100' } as const;
  return { type: 'call.completed', after: days(1), entities: [...entities, ref('call', `call-${tag}`)], actor: human(rep), payload };
}

function meeting(entities: References, rep: string, guest: string, durationSeconds: number): Step {
  const payload = { durationSeconds, location: 'on site', attendees: [rep, guest], outcome: 'next steps agreed' };
  return { type: 'meeting.logged', after: days(1), entities, actor: human(rep), payload };
}

function note(entities: References, rep: string): Step {
  const payload = { text: 'Procurement wants the security questionnaire before they sign.', pinned: false };
  return { type: 'note.added', after: hours(1), entities, actor: agent('meeting-notes', rep), payload };
}
