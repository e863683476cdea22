import type { ActivityEvent } from '#libs/contracts';
import { distinctEntities, isAboutCustomer } from './entities.js';
import { monthOf } from './month-of.js';

/** The tenant's own timeline: every event stands on it. */
export const FEED = 'feed';

/** One event on one timeline. The event's position is not known before it is appended. */
export interface TimelineRow {
  /** `FEED`, or the entity as type/id. */
  readonly timeline: string;
  /** See `monthOf`. */
  readonly bucket: number;
  /** Microseconds since the epoch. */
  readonly occurredAt: bigint;
  readonly type: string;
  /** type/id of the actor. */
  readonly actor: string;
  readonly customerVisible: boolean;
  readonly aboutCustomer: boolean;
}

/** The projection: an event stands on the feed and once on the timeline of each entity it refers to. */
export function timelineRowsOf(event: ActivityEvent): readonly TimelineRow[] {
  const row = {
    bucket: monthOf(event.occurredAt),
    occurredAt: event.occurredAt,
    type: event.type,
    actor: `${event.actor.type}/${event.actor.id}`,
    customerVisible: event.customerVisible,
    aboutCustomer: isAboutCustomer(event),
  };
  return [FEED, ...distinctEntities(event.entities).map(timelineOf)].map((timeline) => ({ timeline, ...row }));
}

export const timelineOf = (entity: { readonly type: string; readonly id: string }): string => `${entity.type}/${entity.id}`;
