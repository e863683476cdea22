import type { TenantClient } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';

/** A tenant whose log goes further than a follower has followed. */
export interface Lag {
  readonly tenantId: string;
  /** 0: nothing yet. */
  readonly checkpoint: bigint;
  readonly head: bigint;
}

/** Tenants a follower has not finished, those first that have waited longest. After a lost wake-up this is how it recovers. */
export async function laggingTenants({ pool }: Database, consumer: string): Promise<Lag[]> {
  const { rows } = await pool.query<{ tenant_id: string; checkpoint: string; head: string }>(
    `select h.tenant_id, coalesce(c.position, 0) as checkpoint, h.position as head
     from annals.heads h left join annals.checkpoints c on c.consumer = $1 and c.tenant_id = h.tenant_id
     where h.position > coalesce(c.position, 0) order by h.appended_at`,
    [consumer],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, checkpoint: BigInt(row.checkpoint), head: BigInt(row.head) }));
}

/** Notes that a follower has done everything up to `position`. Never moves backwards, so a late or repeated call does no harm. */
export function saveCheckpoint(database: Database, consumer: string, tenantId: string, position: bigint): Promise<void> {
  return saveCheckpoints(database, consumer, new Map([[tenantId, position]]));
}

/** The same for several tenants, in one transaction. */
export async function saveCheckpoints({ pool }: Database, consumer: string, reached: ReadonlyMap<string, bigint>): Promise<void> {
  await pool.query(
    `insert into annals.checkpoints as c (consumer, tenant_id, position)
     select $1, tenant_id, position from unnest($2::uuid[], $3::bigint[]) as reached (tenant_id, position) order by tenant_id
     on conflict (consumer, tenant_id) do update set position = excluded.position where c.position < excluded.position`,
    [consumer, [...reached.keys()], [...reached.values()].map(String)],
  );
}

/** Up to where a follower has followed a tenant; 0: nothing yet. */
export async function checkpointOf(client: TenantClient, consumer: string, tenantId: string): Promise<bigint> {
  const { rows } = await client.query<{ position: string }>(
    'select position from annals.checkpoints where consumer = $1 and tenant_id = $2',
    [consumer, tenantId],
  );
  return BigInt(rows[0]?.position ?? 0);
}
