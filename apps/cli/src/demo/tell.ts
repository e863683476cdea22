import type { Actor, EventPayload, EventType } from '#libs/contracts';
import { idFrom } from '#libs/producer';
import { programOf, type Moment, type Program, type References, type Step } from './step.js';

/** One event of the story, whoever is going to tell it. */
export interface StoryEvent {
  readonly tenantId: string;
  /** Follows from the story, the arc and the step. Told again, it is the same. */
  readonly id: string;
  readonly type: EventType;
  readonly time: Date;
  readonly entities: References;
  readonly actor: Actor;
  readonly payload: EventPayload<EventType>;
  /** The arc. */
  readonly correlationId: string;
  readonly by: Program;
}

/** Which story: the seed gives who and what, the moment it began gives when. */
export interface Story {
  readonly seed: string;
  /** Where history ends and the present begins. */
  readonly until: Date;
}

/** An arc that is being told: which tenant, which one, and what has been told of it. */
export interface Telling {
  readonly story: Story;
  readonly tenantId: string;
  /** Unique in the story. */
  readonly arc: string;
  readonly steps: readonly Step[];
  /** Ids of the steps that were told. */
  readonly told: string[];
}

/** Tells the next step of an arc. */
export function tellNext(telling: Telling, time: Date): StoryEvent | undefined {
  const { story, tenantId, arc, told } = telling;
  const step = telling.steps[told.length];
  if (step === undefined) return undefined;
  const { type, entities, actor, by = programOf(type) } = step;
  const moment: Moment = { at: time, before: [...told] };
  const id = idFrom(story.seed, story.until.toISOString(), tenantId, arc, told.length);
  const payload = typeof step.payload === 'function' ? step.payload(moment) : step.payload;
  told.push(id);
  return { tenantId, id, type, time, entities, actor, payload, correlationId: arc, by };
}
