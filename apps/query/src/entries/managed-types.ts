import { eventDefinition, EVENT_TYPE_NAMES, nearTypeNames, type EventType } from '#libs/contracts';
import { meaningless } from '../http/problem-exception.js';

/**
 * What people log by hand (seed 002: a logged call, an in-person meeting, a note). Every other type is a fact that some
 * subsystem states; comments and retractions have routes of their own, with rules of their own.
 */
export const MANAGED_TYPES = ['call.completed', 'meeting.logged', 'note.added'] as const satisfies readonly EventType[];
export type ManagedType = (typeof MANAGED_TYPES)[number];

const NAMES = EVENT_TYPE_NAMES.filter((name) => managed(name) !== undefined);

/** The canonical type behind a name, or 422 with the names that are taken here. */
export function managedType(name: string): ManagedType {
  const type = managed(name);
  if (type !== undefined) return type;
  const known = eventDefinition(name);
  if (known) throw refused(`${known.type} is not logged by hand; what is: ${MANAGED_TYPES.join(', ')}`);
  const near = nearTypeNames(name).filter((other) => NAMES.includes(other));
  throw refused(near.length > 0 ? `is no known type; near names: ${near.join(', ')}` : `is no known type; try ${MANAGED_TYPES.join(', ')}`);
}

function managed(name: string): ManagedType | undefined {
  const type = eventDefinition(name)?.type;
  return MANAGED_TYPES.find((each) => each === type);
}

const refused = (message: string) => meaningless('unknown-type', 'type', message);
