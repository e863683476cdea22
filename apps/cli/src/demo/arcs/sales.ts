import { agent, days, hours, human, ref, refsOf, system, type Arc, type References, type Scene, type Step } from '../step.js';
import { order } from './service.js';

const PRODUCTS = ['annual plan', 'pilot', 'extra seats', 'onboarding'];
const REASONS = ['budget', 'timing', 'chose another product'];

/** An opportunity from the first signal to its outcome: the company shows interest, a play runs, people talk; who buys places an order. */
export function dealOf(scene: Scene, won: boolean): Step[] {
  const { rng, person, rep, tag } = scene;
  const entities = [ref('deal', `deal-${tag}`), ...refsOf(person)] as const;
  const money = { amount: `${rng.int(2, 90) * 500}.00`, currency: rng.pick(['USD', 'EUR', 'GBP']) };
  const dealName = `${person.account.name}: ${rng.pick(PRODUCTS)}`;
  const move = (after: number, fromStage: string, toStage: string): Step => ({
    ...{ type: 'deal.stage_changed', after, entities, actor: human(rep) },
    payload: { fromStage, toStage, pipelineId: 'pipeline-sales', dealName, ...money },
  });
  const outcome: Step[] = won
    ? [{ type: 'deal.won', after: days(1), entities, actor: human(rep), payload: { dealName, ...money } }, ...customer(scene)]
    : [{ type: 'deal.lost', after: days(1), entities, actor: human(rep), payload: { dealName, reason: rng.pick(REASONS), ...money } }];
  return [
    signal(person.account.id, rng.int(40, 99) / 100),
    play(person.account.id),
    { type: 'deal.created', after: hours(4), entities, actor: human(rep), payload: { dealName, stage: 'Discovery', ...money } },
    call(entities, rep, tag, rng.int(120, 2400)),
    move(10, 'Discovery', 'Proposal'),
    meeting(entities, rep, person.email, rng.int(2, 6) * 900),
    move(hours(20), 'Proposal', 'Negotiation'),
    note(entities, rep),
    ...outcome,
  ];
}

/** Known customers buy again. */
export const expansion: Arc = (scene) => dealOf(scene, scene.rng.chance(0.6));

/** And sometimes they do not renew. */
export const renewal: Arc = (scene) => {
  const { rng, person, rep, tag } = scene;
  const entities = [ref('deal', `deal-${tag}`), ...refsOf(person)] as const;
  const dealName = `${person.account.name}: renewal`;
  const amount = { amount: `${rng.int(4, 20) * 600}.00`, currency: 'EUR' };
  const created: Step = {
    ...{ type: 'deal.created', after: 0, entities, actor: human(rep) },
    payload: { dealName, stage: 'Renewal due', ...amount },
  };
  if (rng.chance(0.5))
    return [created, { type: 'deal.won', after: days(1), entities, actor: human(rep), payload: { dealName, ...amount } }, ...order(scene)];
  const reason = rng.pick(REASONS);
  return [
    created,
    { type: 'deal.lost', after: days(1), entities, actor: human(rep), payload: { dealName, reason, ...amount } },
    {
      ...{ type: 'note.added', after: hours(1), entities, actor: human(rep) },
      payload: { text: `Did not renew (${reason}). Ask again in autumn.`, pinned: true },
    },
  ];
};

function customer(scene: Scene): Step[] {
  const tagged: Step = {
    ...{ type: 'contact.tagged', after: 2, entities: refsOf(scene.person), actor: system('tagging-hook') },
    payload: { tag: 'customer' },
  };
  return [tagged, ...order(scene)];
}

function signal(accountId: string, strength: number): Step {
  const payload = { signalType: 'pricing_page_surge', strength, source: 'analytics', description: 'Many visits to the pricing page' };
  return { type: 'signal.detected', after: 10, entities: [ref('account', accountId)], actor: system('signal-engine'), payload };
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
