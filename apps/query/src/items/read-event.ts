import type { EntityRef } from '#libs/contracts';
import type { EventRow } from '#libs/store';

export type Payload = Readonly<Record<string, unknown>>;

/** `null` after erasure. */
export function payloadOf(row: EventRow): Payload | null {
  return row.payload === null ? null : (JSON.parse(row.payload) as Payload);
}

/** The primary one first. */
export function entitiesOf(row: EventRow): EntityRef[] {
  return JSON.parse(row.entities) as EntityRef[];
}
