import {
  MOST_TYPES,
  MOST_VERSIONS,
  sameDefinition,
  weightOf,
  type DefinitionFault,
  type RegisteredType,
  type TypeDefinition,
} from '#libs/contracts';
import { inTenant, type TenantClient } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';
import { saveTypeWeight } from '../scores/score-models.js';
import { toTypeRow } from './load-types.js';

export type Registration =
  | { readonly outcome: 'registered' | 'known'; readonly registered: RegisteredType }
  | { readonly outcome: 'refused'; readonly faults: readonly DefinitionFault[] }
  /** So many already. */
  | { readonly outcome: 'full'; readonly what: 'types' | 'versions' | 'characters of definitions'; readonly most: number };

/** All versions of all types of a tenant, as JSON: every process keeps them in memory, those of other tenants beside them. */
const MOST_CHARACTERS = 4_000_000;

export interface RegistrationWish {
  readonly definition: TypeDefinition;
  readonly createdBy: string;
  /** What speaks against the definition as the version after these; asked under the lock of the tenant. */
  readonly check: (earlier: readonly RegisteredType[], others: readonly TypeDefinition[]) => readonly DefinitionFault[];
}

/**
 * Stores a definition as the next version of its type. A definition that any version of the type has already is that version, so a repeat
 * does no harm. One registration of a tenant at a time.
 */
export function registerType(database: Database, tenantId: string, wish: RegistrationWish): Promise<Registration> {
  return inTenant(database, tenantId, async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtextextended('annals types ' || $1, 0))", [tenantId]);
    const rows = await storedTypes(client);
    const earlier = rows.filter(({ type }) => type === wish.definition.type);
    const known = earlier.find(({ definition }) => sameDefinition(definition, wish.definition));
    if (known) return { outcome: 'known', registered: known };
    if (earlier.length >= MOST_VERSIONS) return { outcome: 'full', what: 'versions', most: MOST_VERSIONS };
    const types = new Set(rows.map(({ type }) => type));
    if (earlier.length === 0 && types.size >= MOST_TYPES) return { outcome: 'full', what: 'types', most: MOST_TYPES };
    if (charactersOf([...rows, wish]) > MOST_CHARACTERS)
      return { outcome: 'full', what: 'characters of definitions', most: MOST_CHARACTERS };
    const others = rows.filter(({ type }) => type !== wish.definition.type).map(({ definition }) => definition);
    const faults = wish.check(earlier, others);
    if (faults.length > 0) return { outcome: 'refused', faults };
    await keepWeight(client, tenantId, earlier.at(-1), wish);
    return { outcome: 'registered', registered: await insert(client, tenantId, earlier.length + 1, wish) };
  });
}

function charactersOf(all: readonly { readonly definition: TypeDefinition }[]): number {
  return all.reduce((sum, { definition }) => sum + JSON.stringify(definition).length, 0);
}

/** The first version needs none: no event of the type stands before it. */
async function keepWeight(
  client: TenantClient,
  tenantId: string,
  before: RegisteredType | undefined,
  wish: RegistrationWish,
): Promise<void> {
  const weight = weightOf(wish.definition);
  if (before === undefined || weightOf(before.definition) === weight) return;
  await saveTypeWeight(client, tenantId, wish.definition.type, weight, wish.createdBy);
}

/** Oldest versions first. */
async function storedTypes(client: TenantClient) {
  const { rows } = await client.query<Parameters<typeof toTypeRow>[0]>(
    'select type, version, definition, created_by, created_at from annals_app.types order by type, version',
  );
  return rows.map(toTypeRow);
}

async function insert(
  client: TenantClient,
  tenantId: string,
  version: number,
  { definition, createdBy }: RegistrationWish,
): Promise<RegisteredType> {
  const { rows } = await client.query<{ created_at: Date }>(
    `insert into annals_app.types (tenant_id, type, version, definition, created_by) values ($1, $2, $3, $4, $5) returning created_at`,
    [tenantId, definition.type, version, JSON.stringify(definition), createdBy],
  );
  return { version, definition, createdBy, createdAt: rows[0]?.created_at.toISOString() ?? '' };
}
