import type { EntityRef, ScoredEvent } from '#libs/contracts';
import type { Database } from '../connect/open-database.js';

/** Checkpoint of the topic annals.lead-score. */
export const FEED_CONSUMER = 'lead-score-feed';

interface Row {
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly occurred: string;
  readonly ingest_mode: ScoredEvent['ingestMode'];
  readonly entities: string;
  readonly payload: string | null;
  readonly bytes: string;
}

/** Bytes of payload in hand at once: one may have 256 KiB. */
const MOST_BYTES = 8_000_000;

export interface EventsToFeed {
  readonly events: readonly ScoredEvent[];
  /** Up to here they are all: less than was asked where the payloads were many. */
  readonly reached: bigint;
}

/** A tenant's events of these types that stand in (after, to], in position order. */
export async function eventsToFeed(
  { pool }: Database,
  tenantId: string,
  after: bigint,
  to: bigint,
  types: readonly string[],
): Promise<EventsToFeed> {
  const { rows } = await pool.query<Row>(
    `select * from (
       select position, id, type, version, (extract(epoch from occurred_at) * 1000000)::bigint as occurred, ingest_mode, entities, payload,
              sum(coalesce(octet_length(payload), 0)) over (order by position) as bytes
       from annals.events where tenant_id = $1 and position > $2 and position <= $3 and type = any ($4)) e
     where bytes - coalesce(octet_length(payload), 0) < ${MOST_BYTES} order by position`,
    [tenantId, String(after), String(to), types],
  );
  const last = rows.at(-1);
  const isFull = last !== undefined && Number(last.bytes) >= MOST_BYTES;
  return { events: rows.map((row) => scoredEvent(tenantId, row)), reached: isFull ? BigInt(last.position) : to };
}

function scoredEvent(tenantId: string, row: Row): ScoredEvent {
  return {
    tenantId,
    position: BigInt(row.position),
    id: row.id,
    type: row.type,
    version: row.version,
    occurredAt: BigInt(row.occurred),
    ingestMode: row.ingest_mode,
    entities: JSON.parse(row.entities) as EntityRef[],
    payload: row.payload,
  };
}
