import { parseTime } from '#libs/contracts';
import type { EventRow } from '#libs/store';

/** Where a row stands in the order of a timeline. */
export function placeOf(row: EventRow): { readonly occurredAt: bigint; readonly position: bigint } {
  const occurredAt = parseTime(row.occurredAt);
  if (occurredAt === undefined) throw new Error(`the store printed a time that is none, at position ${row.position}`);
  return { occurredAt, position: BigInt(row.position) };
}
