import { CUSTOMERS } from '#libs/contracts';
import type { CustomerEntity } from './principal.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Of a record, and of the actor that a holder becomes: PostgreSQL knows no NUL, and ingest takes no lone surrogate. */
const ID = /^[^\p{Cc}\p{Cs}]{1,255}$/u;
const CUSTOMER_TYPES: ReadonlySet<string> = new Set(CUSTOMERS);

interface Holder {
  readonly userId: string;
  /** Lower-case, at least one. */
  readonly tenants: readonly string[];
  readonly scopes: readonly string[];
  /** When the token ends; milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}
/** What a verified token says. */
export type Claims = Holder & ({ readonly kind: 'user' | 'service' } | { readonly kind: 'customer'; readonly entity: CustomerEntity });

/** `undefined` when a claim is missing or is not what it should be: such a token proves who signed it, and no more. */
export function readClaims(payload: Readonly<Record<string, unknown>>): Claims | undefined {
  const { sub, kind, scope, exp } = payload;
  const tenants = readTenants(payload['tenants']);
  if (typeof sub !== 'string' || !ID.test(sub) || tenants === undefined) return undefined;
  const scopes = typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [];
  const holder = { userId: sub, tenants, scopes, expiresAt: typeof exp === 'number' ? exp * 1000 : 0 };
  if (kind === 'user' || kind === 'service') return { ...holder, kind };
  const entity = readEntity(payload['entity']);
  return kind === 'customer' && entity ? { ...holder, kind, entity } : undefined;
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

function readTenants(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const tenants = value.filter((tenant): tenant is string => typeof tenant === 'string' && isUuid(tenant));
  return tenants.length === value.length ? tenants.map((tenant) => tenant.toLowerCase()) : undefined;
}

/** An account is no customer here: its timeline holds what other contacts did. */
function readEntity(value: unknown): CustomerEntity | undefined {
  if (typeof value !== 'string') return undefined;
  const slash = value.indexOf('/');
  const [type, id] = [value.slice(0, slash), value.slice(slash + 1)];
  return CUSTOMER_TYPES.has(type) && ID.test(id) ? { type, id } : undefined;
}
