import { ARCS } from './arcs/index.js';
import { companiesOf } from './cast.js';
import { rngOf, type Rng } from './rng.js';
import { sceneOf } from './scene.js';
import type { Arc } from './step.js';
import { tellNext, type StoryEvent, type Telling } from './tell.js';

/** So many arcs go on side by side. */
const ARCS_AT_ONCE = 7;

/**
 * The story as it goes on, without end: each call gives the next event, happening at `now`. `run` tells one run from
 * another: arcs of a new run are new, those that an earlier run left unfinished stay so.
 */
export function liveStory(seed: string, run: string): (now: Date) => StoryEvent {
  const rng = rngOf(`${seed}/live/${run}`);
  const tellings = openTellings(seed, run, rng);
  const active: Telling[] = [];
  return (now) => {
    while (active.length < ARCS_AT_ONCE) active.push(tellings.next().value);
    const telling = rng.pick(active);
    const event = tellNext(telling, now);
    if (event === undefined) throw new Error('an arc without steps');
    if (telling.told.length === telling.steps.length) active.splice(active.indexOf(telling), 1);
    return event;
  };
}

function* openTellings(seed: string, run: string, rng: Rng): Generator<Telling, never> {
  const companies = companiesOf(seed);
  for (let number = 1, queue: Arc[] = []; ; number++) {
    if (queue.length === 0) queue = rng.shuffle(ARCS);
    const arc = queue.pop() ?? never();
    const company = rng.pick(companies);
    const person = rng.chance(0.25) ? company.hero : rng.pick(company.people);
    const steps = arc(sceneOf(rng, company, person, `${run}-${number}`));
    yield { tenantId: company.tenantId, arc: `live-${run}-${number}`, steps, told: [] };
  }
}

function never(): never {
  throw new Error('a round without arcs');
}
