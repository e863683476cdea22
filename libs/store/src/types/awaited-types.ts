import type { Database } from '../connect/open-database.js';

/** A type that dead letters wait for. */
export interface AwaitedType {
  readonly tenantId: string;
  /** Lower case. */
  readonly name: string;
  readonly version: number;
}

/**
 * Of the registered names, by tenant and up to their newest version, those that dead letters still wait for. Asked again and again, so it must cost
 * nothing where nothing waits, and where much waits for what nobody registered.
 */
export async function awaitedAmong({ pool }: Database, registered: readonly AwaitedType[]): Promise<AwaitedType[]> {
  if (registered.length === 0) return [];
  const { rows } = await pool.query<{ tenant_id: string; awaited_type: string; awaited_version: number }>(
    `select d.* from unnest($1::uuid[], $2::text[], $3::int[]) as known (tenant_id, name, newest)
     cross join lateral (
       select distinct d.tenant_id, d.awaited_type, d.awaited_version from annals.dead_letters d
       where d.tenant_id = known.tenant_id and d.awaited_type = known.name and d.awaited_version <= known.newest and d.redriven_at is null) d
     where exists (select from annals.dead_letters where awaited_type is not null and redriven_at is null)`,
    [registered.map(({ tenantId }) => tenantId), registered.map(({ name }) => name), registered.map(({ version }) => version)],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, name: row.awaited_type, version: row.awaited_version }));
}
