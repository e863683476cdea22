import { readTypeDefinition, TenantTypes, type TypeRow } from '#libs/contracts';
import type { Database } from '../connect/open-database.js';

interface Row {
  readonly tenant_id: string;
  readonly type: string;
  readonly version: number;
  readonly definition: string;
  readonly created_by: string;
  readonly created_at: Date;
}

/** Every tenant's types as they are stored now, for a process that ends soon. */
export async function loadTenantTypes(database: Database): Promise<TenantTypes> {
  const types = new TenantTypes();
  await loadTypes(database, types);
  return types;
}

/** Brings the types in memory to what is stored; resolves with the tenants that had to be read. Cheap where nothing is new. */
export async function loadTypes({ pool }: Database, types: TenantTypes): Promise<readonly string[]> {
  const { rows } = await pool.query<{ tenant_id: string; versions: string }>('select * from annals_app.count_types()');
  const stale = rows.filter(({ tenant_id, versions }) => types.rows(tenant_id) !== Number(versions)).map(({ tenant_id }) => tenant_id);
  await loadTypesOf({ pool }, types, stale);
  return stale;
}

/** Reads the types of some tenants anew. */
export async function loadTypesOf({ pool }: Pick<Database, 'pool'>, types: TenantTypes, tenantIds: readonly string[]): Promise<void> {
  for (let i = 0; i < tenantIds.length; i += TENANTS_AT_ONCE) {
    const tenants = tenantIds.slice(i, i + TENANTS_AT_ONCE);
    const { rows } = await pool.query<Row>('select * from annals_app.types_of($1)', [tenants]);
    for (const tenantId of tenants) {
      const own = rows.filter((row) => row.tenant_id === tenantId);
      // an answer that was overtaken by a later one knows less: versions never go away
      if (own.length > types.rows(tenantId)) types.replace(tenantId, own.map(toTypeRow));
    }
  }
}

const TENANTS_AT_ONCE = 20;

export function toTypeRow({ type, version, definition, created_by, created_at }: Omit<Row, 'tenant_id'>): TypeRow {
  return { type, version, definition: readTypeDefinition(definition), createdBy: created_by, createdAt: created_at.toISOString() };
}
