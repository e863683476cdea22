import type { Database } from '../connect/open-database.js';
import type { FailingTenants } from '../relay/failing-tenants.js';
import { foldTenants, type Fold } from './fold-tenants.js';

/** Checkpoint of the counters. */
export const COUNTS_CONSUMER = 'timeline_counts';
/** Entity types whose timelines grow long enough that counting their keys is slow. The feed is counted always. */
export const COUNTED_TYPES: readonly string[] = ['account', 'campaign', 'sequence'];

/** Events a transaction takes: large enough that a long timeline's counter is rarely written, small enough to finish in a moment. */
const AT_ONCE = 20_000;

/**
 * Brings `annals.timeline_counts` up to the heads: per counted timeline and month the rows that show as of the checkpoint. Counters in the append
 * would cost 60 % of its rate. Returns the events folded, see `foldTenants`. Needs the ingest role.
 */
export function foldCounts(database: Database, failing?: FailingTenants): Promise<number> {
  const fold: Fold = {
    consumer: COUNTS_CONSUMER,
    atOnce: AT_ONCE,
    fold: async (client, tenantId, from, to) => void (await client.query(FOLD, [tenantId, from, to, COUNTED_TYPES])),
  };
  return foldTenants(database, fold, failing);
}

/**
 * Adds what was appended in (from, to] and takes away what stopped to show in it, whenever it was appended. Both stand in the log and in
 * annals.retracted by position, so the counters follow from positions alone.
 */
const FOLD = `
  with moved as (
    select e.occurred_at, e.entities, 1 as change from annals.events e where e.tenant_id = $1 and e.position > $2 and e.position <= $3
    union all
    select e.occurred_at, e.entities, -1 from annals.retracted r join annals.events e using (tenant_id, position)
    where r.tenant_id = $1 and r.effective_position > $2 and r.effective_position <= $3),
  named as (
    select entity.type, entity.id, annals.month_of(occurred_at) as bucket, sum(change) as entries
    from moved cross join lateral (
      select distinct one ->> 'type' as type, one ->> 'id' as id from jsonb_array_elements(entities::jsonb) as one
      where one ->> 'type' = any ($4)) entity
    group by 1, 2, 3),
  change as (
    select '00000000-0000-0000-0000-000000000000'::uuid as ref, annals.month_of(occurred_at) as bucket, sum(change) as entries
    from moved group by 1, 2
    union all
    select annals.ref(type, id), bucket, entries from named)
  insert into annals.timeline_counts as c (tenant_id, ref, bucket, entries)
  select $1, ref, bucket, entries from change where entries <> 0 order by ref, bucket
  on conflict (tenant_id, ref, bucket) do update set entries = c.entries + excluded.entries`;
