import type { ActorType, EntityRef, PublishedEvent } from '#libs/contracts';
import type { Database } from '../connect/open-database.js';

/** An event of the log in the shape that `structuredEvent` publishes. */
export interface TailedEvent extends PublishedEvent {
  /** The item's id. */
  readonly id: string;
  readonly position: bigint;
  readonly appendedAt: bigint;
  readonly customerVisible: boolean;
}

interface Row {
  readonly tenant_id: string;
  readonly position: string;
  readonly id: string;
  readonly source: string;
  readonly source_id: string;
  readonly type: string;
  readonly version: number;
  readonly entities: string;
  readonly actor_type: ActorType;
  readonly actor_id: string;
  readonly on_behalf_of: string | null;
  readonly occurred: string;
  readonly appended: string;
  readonly recorded: string | null;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
  readonly traceparent: string | null;
  readonly ingest_mode: PublishedEvent['ingestMode'];
  readonly summary: string | null;
  readonly payload: string | null;
  readonly customer_visible: boolean;
}

/** No more: to print and read a time twice, or a hash that nobody wants, costs more than the rest of the row. */
const COLUMNS = `e.tenant_id, position, id, source, source_id, type, version, entities, actor_type, actor_id, on_behalf_of, correlation_id,
  causation_id, traceparent, ingest_mode, summary, payload, customer_visible`;
const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;

/**
 * Up to `limit` events that stand after a follower's checkpoints, per tenant in position order. Every lagging tenant gets an equal share, so that
 * one with a long backlog holds up no other. None: the follower is at the heads. Publish, then `saveCheckpoint`: at least once.
 */
export async function tailLog({ pool }: Database, consumer: string, limit: number): Promise<TailedEvent[]> {
  const { rows } = await pool.query<Row>(
    `with lagging as materialized (
       select h.tenant_id, coalesce(c.position, 0) as checkpoint, count(*) over () as tenants
       from annals.heads h left join annals.checkpoints c on c.consumer = $1 and c.tenant_id = h.tenant_id
       where h.position > coalesce(c.position, 0) order by h.appended_at limit $2::int)
     select ${COLUMNS}, ${micros('occurred_at')} as occurred, ${micros('appended_at')} as appended, ${micros('recorded_at')} as recorded
     from lagging cross join lateral (
       select * from annals.events e where e.tenant_id = lagging.tenant_id and e.position > lagging.checkpoint
       order by e.position limit greatest(1, $2::int / least(lagging.tenants, $2::int))) e
     order by e.tenant_id, e.position`,
    [consumer, limit],
  );
  return rows.map(toTailed);
}

function toTailed(row: Row): TailedEvent {
  return {
    tenantId: row.tenant_id,
    position: BigInt(row.position),
    id: row.id,
    source: row.source,
    sourceId: row.source_id,
    type: row.type,
    version: row.version,
    entities: JSON.parse(row.entities) as EntityRef[],
    actor: { type: row.actor_type, id: row.actor_id, ...(row.on_behalf_of !== null && { onBehalfOf: row.on_behalf_of }) },
    occurredAt: BigInt(row.occurred),
    appendedAt: BigInt(row.appended),
    recordedAt: row.recorded === null ? null : BigInt(row.recorded),
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    traceparent: row.traceparent,
    ingestMode: row.ingest_mode,
    summary: row.summary,
    payload: row.payload,
    customerVisible: row.customer_visible,
  };
}
