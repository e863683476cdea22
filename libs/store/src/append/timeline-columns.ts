import type { BinaryCopy } from './binary-copy.js';
import type { NumberedEvent } from './numbered.js';
import { uuidBytes } from './uuid-bytes.js';

/** In the order in which `writeTimelineRows` writes them; retracted_at_position begins as null. */
export const TIMELINE_COLUMNS = 'occurred_at, position, tenant_id, ref, actor, bucket, customer_visible, about_customer, type';
const COUNT = 9;
const FIXED_BYTES = 160;
/** The tenant's feed. */
export const FEED_REF = Buffer.alloc(16);

/** One row for the feed and one for each entity. */
export function writeTimelineRows(copy: BinaryCopy, row: NumberedEvent): void {
  writeTimelineRow(copy, row, FEED_REF);
  for (const ref of row.prepared.refs) writeTimelineRow(copy, row, ref);
}

function writeTimelineRow(copy: BinaryCopy, { prepared, position }: NumberedEvent, ref: Buffer): void {
  const { event } = prepared;
  copy.beginRow(COUNT, FIXED_BYTES + 3 * event.type.length);
  copy.timestamp(event.occurredAt);
  copy.bigint(position);
  copy.bytes(uuidBytes(event.tenantId));
  copy.bytes(ref);
  copy.bytes(prepared.actorRef);
  copy.smallint(prepared.bucket);
  copy.boolean(event.customerVisible);
  copy.boolean(prepared.aboutCustomer);
  copy.text(event.type);
}
