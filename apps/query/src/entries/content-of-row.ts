import { contentJson, parseTime, type EventContent } from '#libs/contracts';
import type { EventRow } from '#libs/store';
import { entitiesOf } from '../items/read-event.js';

/** What makes a stored entry the same as one that comes again; null after erasure, when anything counts as the same. */
export function contentOfRow(row: EventRow): string | null {
  if (row.payload === null) return null;
  return contentJson({
    type: row.type,
    entities: entitiesOf(row) as EventContent['entities'],
    actor: {
      type: row.actorType as EventContent['actor']['type'],
      id: row.actorId,
      ...(row.onBehalfOf !== null && { onBehalfOf: row.onBehalfOf }),
    },
    occurredAt: parseTime(row.occurredAt) ?? 0n,
    timeQuality: row.timeQuality as EventContent['timeQuality'],
    summary: row.summary,
    payload: row.payload,
  });
}
