import { inTransaction } from '../connect/in-transaction.js';
import type { Database } from '../connect/open-database.js';

const SETTLED = `state in ('published', 'nothing', 'parked') and changed_at < now() - make_interval(days => $1)`;

/**
 * Deletes up to `limit` requests that were settled more than `days` ago; the answer is how many. The past is closed up to the last of them first:
 * `followAdded` asks for nothing there any more, wherever its checkpoint is set. Role `enrichment`.
 */
export async function pruneRequests(database: Database, days: number, limit: number): Promise<number> {
  const { rowCount } = await database.pool.query(`select from annals_app.enrichment_requests where ${SETTLED} limit 1`, [days]);
  if (rowCount === 0) return 0;
  await close(database, days);
  const { rowCount: deleted } = await database.pool.query(
    `delete from annals_app.enrichment_requests where ctid = any (array(
       select r.ctid from annals_app.enrichment_requests r
       join annals_app.horizons h on h.consumer = 'enrichment' and h.tenant_id = r.tenant_id and h.position >= r.position
       where ${SETTLED} limit $2))`,
    [days, limit],
  );
  return deleted ?? 0;
}

/** As for effects: what is being noted has ended before, and what is noted behind it sees it. */
function close(database: Database, days: number): Promise<void> {
  return inTransaction(
    database,
    async (client) => {
      await client.query('lock table annals_app.enrichment_requests in share row exclusive mode');
      await client.query(
        `insert into annals_app.horizons as h (consumer, tenant_id, position)
         select 'enrichment', tenant_id, max(position) from annals_app.enrichment_requests where ${SETTLED} group by tenant_id
         on conflict (consumer, tenant_id) do update set position = excluded.position where h.position < excluded.position`,
        [days],
      );
    },
    true,
  );
}
