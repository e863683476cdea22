import type { Database } from '../connect/open-database.js';
import type { FailingTenants } from '../relay/failing-tenants.js';
import { foldTenants, type Fold } from './fold-tenants.js';

/** Checkpoint of the roll-ups; `annals.read_rollups` names it too. */
export const ROLLUPS_CONSUMER = 'rollups';

/** A day's row of a busy account is then written once for many events; some 300 ms of one core. */
const AT_ONCE = 20_000;

/**
 * Brings `annals.rollups` up to the heads. Returns the events folded, see `foldTenants`; late, backdated and retracted events count where
 * and as long as they show, like those of the timelines. Needs the automation role.
 */
export function foldRollups(database: Database, failing?: FailingTenants): Promise<number> {
  const fold: Fold = {
    consumer: ROLLUPS_CONSUMER,
    atOnce: AT_ONCE,
    fold: async (client, tenantId, from, to) => void (await client.query(FOLD, [tenantId, from, to])),
  };
  return foldTenants(database, fold, failing);
}

/** Adds what was appended in (from, to] and takes away what stopped to show in it, whenever it was appended. */
const FOLD = `
  with moved as (
    select e.occurred_at, e.type, e.actor_type, e.actor_id, e.entities, 1 as change
    from annals.events e where e.tenant_id = $1 and e.position > $2 and e.position <= $3
    union all
    select e.occurred_at, e.type, e.actor_type, e.actor_id, e.entities, -1
    from annals.retracted r join annals.events e using (tenant_id, position)
    where r.tenant_id = $1 and r.effective_position > $2 and r.effective_position <= $3),
  dated as materialized (
    select (occurred_at at time zone 'UTC')::date as day, type, actor_type, actor_id, entities, change from moved),
  change as (
    select 'actor_kind' as dimension, day, actor_type as key, type, sum(change) as entries from dated group by 2, 3, 4
    union all
    select 'user', day, actor_id, type, sum(change) from dated where actor_type = 'human' group by 2, 3, 4
    union all
    select 'account', day, account.id, type, sum(change)
    from dated cross join lateral (
      select distinct one ->> 'id' as id from json_array_elements(entities::json) as one where one ->> 'type' = 'account') account
    group by 2, 3, 4)
  insert into annals.rollups as r (tenant_id, dimension, day, key, type, entries)
  select $1, dimension, day, key, type, entries from change where entries <> 0 order by dimension, day, key, type
  on conflict (tenant_id, dimension, day, key, type) do update set entries = r.entries + excluded.entries`;
