import { isUuid } from './claims.js';

export type TenantChoice =
  { readonly outcome: 'chosen'; readonly tenantId: string } | { readonly outcome: 'malformed' | 'missing' | 'not_allowed' };

/**
 * The header `orgid` chooses among the tenants that the token names; it can never add one. Without the header a token
 * of exactly one tenant is enough, except where the header is `required` (seed 002 always sends it).
 */
export function selectTenant(tenants: readonly string[], orgid: string | undefined, required: boolean): TenantChoice {
  if (orgid === undefined || orgid === '') {
    const [only] = tenants;
    return !required && tenants.length === 1 && only !== undefined ? { outcome: 'chosen', tenantId: only } : { outcome: 'missing' };
  }
  if (!isUuid(orgid)) return { outcome: 'malformed' };
  const tenantId = orgid.toLowerCase();
  return tenants.includes(tenantId) ? { outcome: 'chosen', tenantId } : { outcome: 'not_allowed' };
}
