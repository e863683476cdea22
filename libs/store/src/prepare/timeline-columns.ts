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
/** Of the tenant's feed. */
export const FEED_REF = Buffer.alloc(16);

/** One row for the feed and one for each entity, all of one length. Their position is not known yet: see `placeTimelineRows`. */
export function writeTimelineRows(rows: RowWriter, { event, entities, bucket, aboutCustomer }: EventFacts): void {
  const feed = rows.at;
  rows.beginRow(COUNT, FIXED_BYTES + 3 * event.type.length);
  rows.bytes(FEED_REF);
  rows.bigint(0);
  rows.timestamp(event.occurredAt);
  rows.bytes(uuidBytes(event.tenantId));
  rows.ref(event.actor.type, event.actor.id);
  rows.smallint(bucket);
  rows.boolean(event.customerVisible);
  rows.boolean(aboutCustomer);
  rows.text(event.type);
  const end = rows.at;
  for (const { type, id } of entities) {
    const at = rows.at;
    rows.repeatRow(feed, end);
    rows.overwriteRef(at + REF_AT, type, id);
  }
}

/** The first 12 bits of the ref in the row that begins at `at`: below `REF_PLACES`. */
export function leadingRefBits(rows: Buffer, at: number): number {
  const value = at + REF_AT + 4;
  return ((rows[value] as number) << 4) | ((rows[value + 1] as number) >> 4);
}
export const REF_PLACES = 1 << 12;

/** The rows of one event stand in `[from, to)`. */
export function placeTimelineRows(rows: RowWriter, from: number, to: number, count: number, position: number): void {
  const length = (to - from) / count;
  for (let at = from; at < to; at += length) rows.overwriteBigint(at + POSITION_AT, position);
}
