import { inTransaction } from '../connect/in-transaction.js';
import type { Database } from '../connect/open-database.js';

/**
 * Closes the past of every tenant up to the last event that was appended more than `days` ago and has been evaluated: `writeEffects` takes nothing
 * from there any more, so that the ledger of it may be forgotten. Never reopens anything. Role `automation`.
 */
export async function closeEffects(database: Database, days: number): Promise<void> {
  const { rows } = await database.pool.query<{ tenant_id: string; position: string }>(
    `select c.tenant_id, n.position
     from annals.checkpoints c
     left join annals_app.horizons h on h.consumer = 'rules' and h.tenant_id = c.tenant_id
     cross join lateral (select least(c.position, annals.position_before(c.tenant_id, now() - make_interval(days => $1))) as position offset 0) n
     where c.consumer = 'rules' and n.position > coalesce(h.position, 0)`,
    [days],
  );
  if (rows.length > 0) await raise(database, rows);
}

/**
 * What is being written has ended before the horizon moves, and what is written behind it sees it: PostgreSQL takes the snapshot of a statement
 * when it has its locks. Durable, because what is deleted after it must stay behind it.
 */
function raise(database: Database, rows: readonly { readonly tenant_id: string; readonly position: string }[]): Promise<void> {
  return inTransaction(
    database,
    async (client) => {
      await client.query('lock table annals_app.effects in share row exclusive mode');
      await client.query(
        `insert into annals_app.horizons as h (consumer, tenant_id, position) select 'rules', * from unnest($1::uuid[], $2::bigint[])
         on conflict (consumer, tenant_id) do update set position = excluded.position where h.position < excluded.position`,
        [rows.map(({ tenant_id }) => tenant_id), rows.map(({ position }) => position)],
      );
    },
    true,
  );
}

/** Deletes up to `limit` effects from behind the horizons; the answer is how many. */
export async function pruneEffects({ pool }: Database, limit: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from annals_app.effects where ctid = any (array(
       select e.ctid from annals_app.horizons h
       cross join lateral (select id::text as id from annals_app.rules where tenant_id = h.tenant_id union all select 'mention') r
       cross join lateral (select ctid from annals_app.effects
                           where tenant_id = h.tenant_id and rule_id = r.id and position <= h.position limit $1) e
       where h.consumer = 'rules' limit $1))`,
    [limit],
  );
  return rowCount ?? 0;
}
