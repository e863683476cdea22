import type { Database } from '../connect/open-database.js';
import { laggingTenants } from '../relay/checkpoints.js';

/** Checkpoint of the requests. */
export const ENRICHMENT_CONSUMER = 'enrichment';

/** Positions a step looks through. */
const AT_ONCE = 20_000;

/**
 * Makes a request of every account and contact that was added since the last time; the checkpoint moves in the same statement. Backfilled
 * events ask for nothing, nor does what lies behind the tenant's horizon, whose requests have been pruned. Several processes may do it at once. Returns the new requests.
 */
export async function followAdded(database: Database): Promise<number> {
  let requests = 0;
  for (const { tenantId, checkpoint, head } of await laggingTenants(database, ENRICHMENT_CONSUMER)) {
    for (let from = checkpoint; from < head; from += BigInt(AT_ONCE)) {
      const to = from + BigInt(AT_ONCE) < head ? from + BigInt(AT_ONCE) : head;
      requests += await noteAdded(database, tenantId, from, to);
    }
  }
  return requests;
}

/** An address is read for its domain, and not kept. */
async function noteAdded({ pool }: Database, tenantId: string, from: bigint, to: bigint): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    `with noted as (
       insert into annals_app.enrichment_requests (tenant_id, event_id, position, entities, domain, state)
       select tenant_id, id, position, entities,
              lower(coalesce(payload::json ->> 'domain', split_part(payload::json ->> 'email', '@', 2))), 'waiting'
       from annals.events
       where tenant_id = $1 and position > $2 and position <= $3 and type in ('account.added', 'contact.added')
         and ingest_mode = 'live' and payload is not null
         and position > coalesce((select h.position from annals_app.horizons h where h.consumer = '${ENRICHMENT_CONSUMER}' and h.tenant_id = $1), 0)
       on conflict do nothing
       returning 1),
     moved as (
       insert into annals.checkpoints as c (consumer, tenant_id, position) values ('${ENRICHMENT_CONSUMER}', $1, $3)
       on conflict (consumer, tenant_id) do update set position = excluded.position where c.position < excluded.position)
     select count(*) from noted`,
    [tenantId, String(from), String(to)],
  );
  return Number(rows[0]?.count ?? 0);
}
