import { ARCS, OPENING } from './arcs/index.js';
import { companiesOf } from './cast.js';
import { rngOf, type Rng } from './rng.js';
import { sceneOf } from './scene.js';
import type { Arc } from './step.js';
import { tellNext, type Story, type StoryEvent, type Telling } from './tell.js';

/** So many arcs go on side by side. */
const ARCS_AT_ONCE = 6;
/** Behind the tags of history, so that records are told apart. */
const FIRST_TAG = 2001;

/**
 * The story as it goes on, without end: each call gives the next event, happening at `now`. What comes in which order follows from the
 * seed alone; only the times are those of the telling.
 */
export function liveStory(story: Story): (now: Date) => StoryEvent {
  const rng = rngOf(`${story.seed}/live`);
  const tellings = openTellings(story, rng);
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

function* openTellings(story: Story, rng: Rng): Generator<Telling, never> {
  const companies = companiesOf(story.seed);
  for (let number = FIRST_TAG, queue: Arc[] = [...OPENING].reverse(); ; number++) {
    if (queue.length === 0) queue = rng.shuffle(ARCS);
    const arc = queue.pop() ?? never();
    const isOpening = number < FIRST_TAG + OPENING.length;
    const company = isOpening ? (companies[0] ?? never()) : rng.pick(companies);
    const person = isOpening || rng.chance(0.25) ? company.hero : rng.pick(company.people);
    const steps = arc(sceneOf(rng, company, person, String(number)));
    yield { story, tenantId: company.tenantId, arc: `live-${number}`, steps, told: [] };
  }
}

function never(): never {
  throw new Error('a round without arcs');
}
