import type { EntityRef } from '#libs/contracts';
import type { EventRow } from '#libs/store';

export type Payload = Readonly<Record<string, unknown>>;

/** `null` after erasure. */
export function payloadOf(row: EventRow): Payload | null {
  return row.payload === null ? null : (JSON.parse(row.payload) as Payload);
}

const REMEMBERED = 500;
const remembered = new Map<string, readonly EntityRef[]>();

/** The primary one first. On one timeline the same references come again and again, so the last few texts are remembered. */
export function entitiesOf({ entities }: EventRow): readonly EntityRef[] {
  const known = remembered.get(entities);
  if (known) return known;
  if (remembered.size >= REMEMBERED) remembered.clear();
  const read = JSON.parse(entities) as EntityRef[];
  // a copy of the text: the text itself is a slice of the whole page and would keep that alive
  remembered.set(Buffer.from(entities).toString(), read);
  return read;
}
