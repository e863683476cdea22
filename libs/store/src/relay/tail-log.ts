import type { ActorType, EntityRef, PublishedEvent } from '#libs/contracts';
import type { Database } from '../connect/open-database.js';
import { laggingTenants } from './checkpoints.js';
import { fairShares } from './fair-shares.js';

/** An event of the log in the shape that `structuredEvent` publishes. */
export interface TailedEvent extends PublishedEvent {
  /** The item's id. */
  readonly id: string;
  readonly position: bigint;
  readonly appendedAt: bigint;
  readonly customerVisible: boolean;
  /** The references as canonical JSON. */
  readonly entitiesJson: string;
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

/** Of payloads, in all. */
const MOST_BYTES = 4_000_000;

/**
 * Up to `limit` events that stand after a follower's checkpoints, per tenant in position order, of large ones no more than 4 MB, but one of each
 * tenant at least. Lagging tenants share evenly, so that one with a long backlog holds up no other, and it gets what the others leave. None: the
 * follower is at the heads. Publish, then `saveCheckpoints`: at least once.
 */
export async function tailLog(database: Database, consumer: string, limit: number): Promise<TailedEvent[]> {
  const lags = (await laggingTenants(database, consumer)).slice(0, limit);
  if (lags.length === 0) return [];
  // positions have no holes
  const shares = fairShares(
    lags.map(({ head, checkpoint }) => Number(head - checkpoint)),
    limit,
  );
  const { rows } = await database.pool.query<Row>(
    `select ${COLUMNS}, ${micros('occurred_at')} as occurred, ${micros('appended_at')} as appended, ${micros('recorded_at')} as recorded
     from unnest($1::uuid[], $2::bigint[], $3::int[]) as asked (tenant_id, checkpoint, share) cross join lateral (
       select e.*, sum(octet_length(payload)) over (order by position rows between unbounded preceding and 1 preceding) as before
       from annals.events e where e.tenant_id = asked.tenant_id and e.position > asked.checkpoint order by e.position limit asked.share) e
     where coalesce(before, 0) < $4::bigint
     order by e.tenant_id, e.position`,
    [lags.map(({ tenantId }) => tenantId), lags.map(({ checkpoint }) => String(checkpoint)), shares, Math.floor(MOST_BYTES / lags.length)],
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
    entitiesJson: row.entities,
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
