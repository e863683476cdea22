import type { Database } from '../connect/open-database.js';
import { laggingTenants } from '../relay/checkpoints.js';

/** Checkpoint of the counters. */
export const COUNTS_CONSUMER = 'timeline_counts';
/** Entity types whose timelines grow long enough that counting their keys is slow. The feed is counted always. */
export const COUNTED_TYPES: readonly string[] = ['account', 'campaign', 'sequence'];

/** Events a transaction takes: large enough that a long timeline's counter is rarely written, small enough to finish in a moment. */
const AT_ONCE = 20_000;

/**
 * Brings `annals.timeline_counts` up to the heads: per counted timeline and month the rows that show as of the checkpoint. Counters in the append
 * would cost 60 % of its rate. Returns the events folded. Exact whoever runs it, however often, and wherever it is interrupted:
 * the checkpoint moves in the transaction that counts, under its own row lock. Needs the ingest role.
 */
export async function foldCounts(database: Database): Promise<number> {
  let folded = 0;
  for (const { tenantId } of await laggingTenants(database, COUNTS_CONSUMER)) {
    for (let step = AT_ONCE; step === AT_ONCE; folded += step) step = await foldTenant(database, tenantId);
  }
  return folded;
}

async function foldTenant({ pool }: Database, tenantId: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { from, to } = await takeRange(client, tenantId);
    if (to > from) await client.query(FOLD, [tenantId, from, to, COUNTED_TYPES]);
    await client.query('commit');
    client.release();
    return Math.max(to - from, 0);
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Locks the checkpoint: whoever else folds this tenant waits, and then goes on from there. */
async function takeRange(client: { query: Database['pool']['query'] }, tenantId: string): Promise<{ from: number; to: number }> {
  await client.query('insert into annals.checkpoints (consumer, tenant_id, position) values ($1, $2, 0) on conflict do nothing', [
    COUNTS_CONSUMER,
    tenantId,
  ]);
  const { rows } = await client.query<{ from: string; to: string }>(
    `select c.position as "from", least(h.position, c.position + $3) as "to"
     from annals.checkpoints c join annals.heads h using (tenant_id) where c.consumer = $1 and c.tenant_id = $2 for update of c`,
    [COUNTS_CONSUMER, tenantId, AT_ONCE],
  );
  return { from: Number(rows[0]?.from ?? 0), to: Number(rows[0]?.to ?? 0) };
}

/**
 * Adds what was appended in (from, to] and takes away what stopped to show in it, whenever it was appended. Both stand in the log and in
 * annals.retracted by position, so the counters follow from positions alone. The checkpoint moves in the same statement.
 */
const FOLD = `
  with moved as (
    select e.occurred_at, e.entities, 1 as change from annals.events e where e.tenant_id = $1 and e.position > $2 and e.position <= $3
    union all
    select e.occurred_at, e.entities, -1 from annals.retracted r join annals.events e using (tenant_id, position)
    where r.tenant_id = $1 and r.effective_position > $2 and r.effective_position <= $3),
  change as (
    select '00000000-0000-0000-0000-000000000000'::uuid as ref, annals.month_of(occurred_at) as bucket, sum(change) as entries
    from moved group by 1, 2
    union all
    select annals.ref(entity.type, entity.id), annals.month_of(occurred_at), sum(change)
    from moved cross join lateral (
      select distinct one ->> 'type' as type, one ->> 'id' as id from jsonb_array_elements(entities::jsonb) as one
      where one ->> 'type' = any ($4)) entity
    group by 1, 2),
  checkpoint as (
    update annals.checkpoints set position = $3 where consumer = '${COUNTS_CONSUMER}' and tenant_id = $1)
  insert into annals.timeline_counts as c (tenant_id, ref, bucket, entries)
  select $1, ref, bucket, entries from change where entries <> 0 order by ref, bucket
  on conflict (tenant_id, ref, bucket) do update set entries = c.entries + excluded.entries`;
