import { CUSTOM_TOPIC, type EventDefinition, type EventType, type TenantTypes } from '#libs/contracts';
import { meaningless } from '../http/problem-exception.js';
import type { TypeScope } from '../items/type-scope.js';

/**
 * What people log by hand (seed 002: a logged call, an in-person meeting, a note), and besides these the tenant's own types.
 * Every other type is a fact that some subsystem states; comments and retractions have routes of their own, with rules of
 * their own.
 */
export const MANAGED_TYPES = ['call.completed', 'meeting.logged', 'note.added'] as const satisfies readonly EventType[];

/** The canonical type behind a name, or 422 with the names that are taken here. */
export function managedType({ types, tenantId }: TypeScope, name: string): string {
  const definition = types.resolve(name, tenantId);
  if (definition && isManaged(definition)) return definition.type;
  if (definition) throw refused(`${definition.type} is not logged by hand; what is: ${MANAGED_TYPES.join(', ')}`);
  const near = nearNames(types, tenantId, name);
  throw refused(near.length > 0 ? `is no known type; near names: ${near.join(', ')}` : `is no known type; try ${MANAGED_TYPES.join(', ')}`);
}

function nearNames(types: TenantTypes, tenantId: string, name: string): string[] {
  return types.near(name, tenantId).filter((other) => {
    const definition = types.resolve(other, tenantId);
    return definition !== undefined && isManaged(definition);
  });
}

function isManaged({ type, topic }: EventDefinition): boolean {
  return topic === CUSTOM_TOPIC || MANAGED_TYPES.some((each) => each === type);
}

const refused = (message: string) => meaningless('unknown-type', 'type', message);
