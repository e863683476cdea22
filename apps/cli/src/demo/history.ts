import { accountOpened, ARCS, contactJoins, leadOf } from './arcs/index.js';
import { companiesOf, type Company } from './cast.js';
import { sceneOf } from './scene.js';
import { rngOf, type Rng } from './rng.js';
import type { Step } from './step.js';
import { tellNext, type Story, type StoryEvent } from './tell.js';
import { atWork } from './working-hours.js';

const MINUTE_MS = 60_000;
/** What follows from something comes after it, on every timeline. */
const AT_LEAST_MS = 5_000;
const DAY_MS = 1440 * MINUTE_MS;
const WEEKS_MS = 24 * DAY_MS;
const ROUNDS = 12;

/**
 * What happened to all tenants in the three and a half weeks before the story's present, oldest first: some thousand events.
 * The same story tells the same, ids included. What an arc would do later is left open.
 */
export function historyOf(story: Story): StoryEvent[] {
  const { seed, until } = story;
  const events = companiesOf(seed).flatMap((company) => {
    const rng = rngOf(`${seed}/history/${company.tenantId}`);
    return scheduleOf(company, rng, until).flatMap((planned) => playedOut(story, company.tenantId, planned));
  });
  return events.sort((a, b) => a.time.getTime() - b.time.getTime() || (a.id < b.id ? -1 : 1));
}

interface Planned {
  readonly arc: string;
  readonly begins: Date;
  readonly steps: readonly Step[];
}

function scheduleOf(company: Company, rng: Rng, until: Date): Planned[] {
  const start = until.getTime() - WEEKS_MS;
  const planned: Planned[] = [];
  const plan = (begins: number, stepsOf: (tag: string) => readonly Step[]): void => {
    const tag = String(1001 + planned.length);
    planned.push({ arc: `history-${tag}`, begins: new Date(begins), steps: stepsOf(tag) });
  };
  company.accounts.forEach((account, i) => {
    plan(start + i * 7 * MINUTE_MS, (tag) => accountOpened(sceneOf(rng, company, company.hero, tag), account));
  });
  for (const person of company.people)
    plan(start + DAY_MS / 2 + rng.next() * DAY_MS, (tag) => contactJoins(sceneOf(rng, company, person, tag)));
  plan(start + 2 * DAY_MS, (tag) => leadOf(sceneOf(rng, company, company.hero, tag), 'buys'));
  const roundMs = (WEEKS_MS - 2 * DAY_MS) / ROUNDS;
  for (let round = 0; round < ROUNDS; round++)
    for (const arc of rng.shuffle(ARCS)) {
      // the first round belongs to the hero: it has time to play out, so its timeline shows everything
      const person = round === 0 || rng.chance(0.25) ? company.hero : rng.pick(company.people);
      plan(start + 2 * DAY_MS + (round + rng.next()) * roundMs, (tag) => arc(sceneOf(rng, company, person, tag)));
    }
  return planned;
}

function playedOut(story: Story, tenantId: string, { arc, begins, steps }: Planned): StoryEvent[] {
  const telling = { story, tenantId, arc, steps, told: [] };
  const events: StoryEvent[] = [];
  let time = begins;
  for (const step of steps) {
    time = new Date(time.getTime() + Math.max(step.after * MINUTE_MS, AT_LEAST_MS));
    if (step.actor.type === 'human') time = atWork(time);
    const event = time < story.until ? tellNext(telling, time) : undefined;
    if (event === undefined) break;
    events.push(event);
  }
  return events;
}
