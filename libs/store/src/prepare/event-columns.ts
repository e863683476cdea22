import type { EventFacts } from './event-facts.js';
import type { RowWriter } from './row-writer.js';
import { uuidBytes } from './uuid-bytes.js';

/** Where a record lay. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** In the order in which `writeEventRow` writes them. */
export const EVENT_COLUMNS =
  'position, occurred_at, appended_at, recorded_at, "offset", tenant_id, id, partition, version, customer_visible, type, source_type, ' +
  'source, source_id, time_quality, ingest_mode, actor_type, actor_id, on_behalf_of, correlation_id, causation_id, traceparent, topic, ' +
  'leaf, salt, entities, summary, payload';
const COUNT = 28;
/** Lengths, fixed columns and the texts of closed lists. */
const FIXED_BYTES = 512;
/** Behind the number of columns; each column is a length and a value. */
const POSITION_AT = 2;
const APPENDED_AT = POSITION_AT + 2 * 12;

/** Position and time of appending are not known yet: see `placeEventRow`. */
export function writeEventRow(rows: RowWriter, facts: EventFacts, { topic, partition, offset }: RecordPlace): void {
  const { event } = facts;
  rows.beginRow(COUNT, FIXED_BYTES + 3 * (textLength(facts) + topic.length));
  rows.bigint(0);
  rows.timestamp(event.occurredAt);
  rows.bigint(0);
  if (event.recordedAt === null) rows.null();
  else rows.timestamp(event.recordedAt);
  rows.bigint(Number(offset));
  rows.bytes(uuidBytes(event.tenantId));
  rows.hex(facts.id);
  rows.integer(partition);
  rows.smallint(event.version);
  rows.boolean(event.customerVisible);
  rows.text(event.type);
  rows.text(event.sourceType);
  rows.text(event.source);
  rows.text(event.sourceId);
  rows.text(event.timeQuality);
  rows.text(event.ingestMode);
  rows.text(event.actor.type);
  rows.text(event.actor.id);
  rows.textOrNull(event.actor.onBehalfOf);
  rows.textOrNull(event.correlationId);
  rows.textOrNull(event.causationId);
  rows.textOrNull(event.traceparent);
  rows.text(topic);
  rows.latin1(facts.leaf);
  rows.latin1(facts.salt);
  rows.text(facts.entitiesJson);
  rows.textOrNull(event.summary);
  rows.text(event.payload);
}

/** `appendedAt` as `postgresMicros` gives it. */
export function placeEventRow(rows: RowWriter, at: number, position: number, appendedAt: number): void {
  rows.overwriteBigint(at + POSITION_AT, position);
  rows.overwriteBigint(at + APPENDED_AT, appendedAt);
}

/** UTF-16 units of the columns that have no fixed bound; UTF-8 takes at most three bytes each. */
function textLength({ event, entitiesJson }: EventFacts): number {
  return (
    event.type.length +
    event.sourceType.length +
    event.source.length +
    event.sourceId.length +
    event.actor.id.length +
    (event.actor.onBehalfOf?.length ?? 0) +
    (event.correlationId?.length ?? 0) +
    (event.causationId?.length ?? 0) +
    (event.traceparent?.length ?? 0) +
    entitiesJson.length +
    (event.summary?.length ?? 0) +
    event.payload.length
  );
}
