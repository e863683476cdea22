import type { Database } from '../connect/open-database.js';

/** A version of a type of a tenant. */
export interface AwaitedType {
  readonly tenantId: string;
  /** Lower case. */
  readonly name: string;
  readonly version: number;
}

/** Whether any dead letter waits for a type. Costs one index probe. */
export async function isAnyTypeAwaited({ pool }: Database): Promise<boolean> {
  const { rows } = await pool.query<{ any: boolean }>(
    'select exists (select from annals.dead_letters where awaited_type is not null and redriven_at is null) as any',
  );
  return rows[0]?.any === true;
}

/**
 * Of names that are registered, each up to its newest version, those that dead letters still wait for. Costs a probe a name, however much
 * waits for what nobody registered.
 */
export async function awaitedAmong({ pool }: Database, registered: readonly AwaitedType[]): Promise<AwaitedType[]> {
  const { rows } = await pool.query<{ tenant_id: string; awaited_type: string; awaited_version: number }>(
    `select d.* from unnest($1::uuid[], $2::text[], $3::int[]) as known (tenant_id, name, newest)
     cross join lateral (
       select distinct d.tenant_id, d.awaited_type, d.awaited_version from annals.dead_letters d
       where d.tenant_id = known.tenant_id and d.awaited_type = known.name and d.awaited_version <= known.newest and d.redriven_at is null) d`,
    [registered.map(({ tenantId }) => tenantId), registered.map(({ name }) => name), registered.map(({ version }) => version)],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, name: row.awaited_type, version: row.awaited_version }));
}
