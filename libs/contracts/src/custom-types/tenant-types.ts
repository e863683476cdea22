import { nearTypeNames } from '../near-type-names.js';
import { eventDefinition, EVENT_TYPE_NAMES, TYPES_BY_TAB, type TypeRegistry } from '../registry.js';
import type { EventDefinition } from '../event-definition.js';
import type { Tab } from '../tabs.js';
import { customDefinition } from './custom-definition.js';
import { CUSTOM_PREFIX, type CustomDefinition, type RegisteredType } from './type-definition.js';

interface Own {
  /** Sorted by name. */
  readonly types: readonly CustomDefinition[];
  readonly byName: ReadonlyMap<string, CustomDefinition>;
  readonly rows: number;
}
const NOTHING: Own = { types: [], byName: new Map(), rows: 0 };

/** One stored version of one type. */
export interface TypeRow extends RegisteredType {
  readonly type: string;
}

/**
 * Every type a tenant has: the built-in ones, which no tenant can shadow, and its own. Answers from memory; whoever knows the
 * stored types says what they are (`replace`). Empty, it is the built-in registry.
 */
export class TenantTypes implements TypeRegistry {
  private readonly tenants = new Map<string, Own>();

  resolve(name: string, tenantId: string): EventDefinition | undefined {
    return eventDefinition(name) ?? this.custom(name, tenantId);
  }

  /** A tenant's own type by any of its names. */
  custom(name: string, tenantId: string): CustomDefinition | undefined {
    return this.tenants.get(tenantId)?.byName.get(name.toLowerCase());
  }

  own(tenantId: string): readonly CustomDefinition[] {
    return this.ownOf(tenantId).types;
  }

  /** The types, built-in and own, that stand in a tab. */
  inTab(tenantId: string, tab: Tab): readonly string[] {
    const own = this.own(tenantId).filter(({ tabs }) => tab === 'all' || tabs.includes(tab));
    return own.length === 0 ? TYPES_BY_TAB[tab] : [...TYPES_BY_TAB[tab], ...own.map(({ type }) => type)];
  }

  /** As `nearTypeNames`, the tenant's own among them. */
  near(name: string, tenantId: string): string[] {
    return nearTypeNames(name, [...EVENT_TYPE_NAMES, ...this.ownOf(tenantId).byName.keys()]);
  }

  /** Stored versions known of the tenant: whoever finds more of them stored knows that something is missing here. */
  rows(tenantId: string): number {
    return this.ownOf(tenantId).rows;
  }

  tenantIds(): readonly string[] {
    return [...this.tenants.keys()];
  }

  /** All stored versions of a tenant, in any order. */
  replace(tenantId: string, rows: readonly TypeRow[]): void {
    if (rows.length === 0) this.tenants.delete(tenantId);
    else this.tenants.set(tenantId, made(rows, this.ownOf(tenantId)));
  }

  private ownOf(tenantId: string): Own {
    return this.tenants.get(tenantId) ?? NOTHING;
  }
}

function made(rows: readonly TypeRow[], before: Own): Own {
  const versions = new Map<string, TypeRow[]>();
  for (const row of rows) versions.set(row.type, [...(versions.get(row.type) ?? []), row]);
  const names = namesOf(versions);
  const types = [...versions.keys()].sort().map((type) => {
    const known = before.byName.get(type);
    const registered = [...(versions.get(type) ?? [])].sort((a, b) => a.version - b.version);
    return known?.registered.length === registered.length ? known : customDefinition(registered, names.get(type) ?? [], known);
  });
  const byName = types.flatMap((type) => [type.type, ...type.aliases].map((name) => [name, type] as const));
  return { types, byName: new Map(byName), rows: rows.length };
}

/**
 * Under which names each type is known: its own, the aliases of all its versions, and its name without `custom.`, under which
 * producers may have sent it before it was registered. A name that a built-in type or another type has is not among them.
 */
function namesOf(versions: ReadonlyMap<string, readonly TypeRow[]>): ReadonlyMap<string, readonly string[]> {
  const said = [...versions].map(
    ([type, registered]) => [type, [type, ...registered.flatMap(({ definition }) => definition.aliases)]] as const,
  );
  const taken = new Set(said.flatMap(([, names]) => names));
  return new Map(
    said.map(([type, names]) => {
      const bare = type.slice(CUSTOM_PREFIX.length);
      const all = taken.has(bare) ? names : [...names, bare];
      return [type, [...new Set(all)].filter((name) => eventDefinition(name) === undefined)];
    }),
  );
}
