import type { BinaryCopy } from './binary-copy.js';
import type { NumberedEvent } from './numbered.js';
import { uuidBytes } from './uuid-bytes.js';

/** In the order in which `writeEventRow` writes them. */
export const EVENT_COLUMNS =
  'position, occurred_at, appended_at, recorded_at, "offset", tenant_id, id, partition, version, customer_visible, type, source_type, ' +
  'source, source_id, time_quality, ingest_mode, actor_type, actor_id, on_behalf_of, correlation_id, causation_id, traceparent, topic, ' +
  'leaf, salt, entities, summary, payload';
const COUNT = 28;
/** Lengths, fixed columns and the texts of closed lists. */
const FIXED_BYTES = 512;

export function writeEventRow(copy: BinaryCopy, row: NumberedEvent): void {
  const { prepared } = row;
  const { event } = prepared;
  copy.beginRow(COUNT, FIXED_BYTES + 3 * textLength(row));
  copy.bigint(row.position);
  copy.timestamp(event.occurredAt);
  copy.timestamp(row.appendedAt);
  if (event.recordedAt === null) copy.null();
  else copy.timestamp(event.recordedAt);
  copy.bigint(row.offset);
  copy.bytes(uuidBytes(event.tenantId));
  copy.bytes(prepared.id);
  copy.integer(row.partition);
  copy.smallint(event.version);
  copy.boolean(event.customerVisible);
  copy.text(event.type);
  copy.text(event.sourceType);
  copy.text(event.source);
  copy.text(event.sourceId);
  copy.text(event.timeQuality);
  copy.text(event.ingestMode);
  copy.text(event.actor.type);
  copy.text(event.actor.id);
  copy.textOrNull(event.actor.onBehalfOf);
  copy.textOrNull(event.correlationId);
  copy.textOrNull(event.causationId);
  copy.textOrNull(event.traceparent);
  copy.text(row.topic);
  copy.bytes(prepared.leaf);
  copy.bytes(prepared.salt);
  copy.text(prepared.entitiesJson);
  copy.textOrNull(event.summary);
  copy.text(event.payload);
}

/** UTF-16 units of the columns that have no fixed bound; UTF-8 takes at most three bytes each. */
function textLength({ prepared: { event, entitiesJson }, topic }: NumberedEvent): number {
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
    topic.length +
    entitiesJson.length +
    (event.summary?.length ?? 0) +
    event.payload.length
  );
}
