import type { EventFacts } from './event-facts.js';
import type { RowWriter } from './row-writer.js';
import { uuidBytes } from './uuid-bytes.js';

/** In the order in which `writeTimelineRows` writes them; retracted_at_position begins as null. */
export const TIMELINE_COLUMNS = 'ref, position, occurred_at, tenant_id, actor, bucket, customer_visible, about_customer, type';
const COUNT = 9;
const FIXED_BYTES = 160;
/** Behind the number of columns; each column is a length and a value. */
const REF_AT = 2;
const POSITION_AT = REF_AT + 20;
/** The tenant's feed: 16 zero bytes as latin1. */
export const FEED_REF = '\0'.repeat(16);

/** One row for the feed and one for each entity, all of one length. Their position is not known yet: see `placeTimelineRows`. */
export function writeTimelineRows(rows: RowWriter, { event, refs, actorRef, bucket, aboutCustomer }: EventFacts): void {
  const feed = rows.at;
  rows.beginRow(COUNT, FIXED_BYTES + 3 * event.type.length);
  rows.latin1(FEED_REF);
  rows.bigint(0);
  rows.timestamp(event.occurredAt);
  rows.bytes(uuidBytes(event.tenantId));
  rows.latin1(actorRef);
  rows.smallint(bucket);
  rows.boolean(event.customerVisible);
  rows.boolean(aboutCustomer);
  rows.text(event.type);
  const end = rows.at;
  for (const ref of refs) {
    const at = rows.at;
    rows.repeatRow(feed, end);
    rows.overwriteLatin1(at + REF_AT, ref);
  }
}

/** The first 20 bits of the ref in the row that begins at `at`. */
export function leadingRefBits(rows: Buffer, at: number): number {
  const value = at + REF_AT + 4;
  return ((rows[value] as number) << 12) | ((rows[value + 1] as number) << 4) | ((rows[value + 2] as number) >> 4);
}

/** The rows of one event stand in `[from, to)`. */
export function placeTimelineRows(rows: RowWriter, from: number, to: number, count: number, position: number): void {
  const length = (to - from) / count;
  for (let at = from; at < to; at += length) rows.overwriteBigint(at + POSITION_AT, position);
}
