import type { ReadScope } from './types.js';

/** Tenant, audience and customer, as every read function takes them. */
export function scopeValues({ tenantId, audience, customer }: ReadScope): (string | null)[] {
  return [tenantId, audience, audience === 'customer' && customer ? `${customer.type}/${customer.id}` : null];
}
