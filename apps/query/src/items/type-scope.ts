import { CUSTOM_PREFIX, type CustomDefinition, type EventDefinition, type TenantTypes } from '#libs/contracts';

/** By whose types events are read: the built-in ones and the tenant's own. */
export interface TypeScope {
  readonly tenantId: string;
  readonly types: TenantTypes;
}

export function definitionOf({ types, tenantId }: TypeScope, type: string): EventDefinition | undefined {
  return types.resolve(type, tenantId);
}

/** The tenant's own type, where the canonical name is that of one. */
export function ownDefinitionOf({ types, tenantId }: TypeScope, type: string): CustomDefinition | undefined {
  return type.startsWith(CUSTOM_PREFIX) ? types.custom(type, tenantId) : undefined;
}
