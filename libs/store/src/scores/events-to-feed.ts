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
}

/** A tenant's events of these types that stand in (after, to], in position order. */
export async function eventsToFeed(
  { pool }: Database,
  tenantId: string,
  after: bigint,
  to: bigint,
  types: readonly string[],
): Promise<ScoredEvent[]> {
  const { rows } = await pool.query<Row>(
    `select position, id, type, version, (extract(epoch from occurred_at) * 1000000)::bigint as occurred, ingest_mode, entities, payload
     from annals.events where tenant_id = $1 and position > $2 and position <= $3 and type = any ($4) order by position`,
    [tenantId, String(after), String(to), types],
  );
  return rows.map((row) => ({
    tenantId,
    position: BigInt(row.position),
    id: row.id,
    type: row.type,
    version: row.version,
    occurredAt: BigInt(row.occurred),
    ingestMode: row.ingest_mode,
    entities: JSON.parse(row.entities) as EntityRef[],
    payload: row.payload,
  }));
}
