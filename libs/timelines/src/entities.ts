import { CUSTOMERS, type ActivityEvent, type EntityRef } from '#libs/contracts';

const CUSTOMER_TYPES: ReadonlySet<string> = new Set<string>(CUSTOMERS);

/** Each entity once, in the order of the event: the same one may be referred to in several roles. */
export function distinctEntities(entities: readonly EntityRef[]): readonly EntityRef[] {
  if (entities.length === 1) return entities;
  // at most 32: comparing each with those before it is cheaper than a set
  return entities.filter((entity, index) => !standsBefore(entities, index, entity));
}

function standsBefore(entities: readonly EntityRef[], index: number, { type, id }: EntityRef): boolean {
  for (let i = 0; i < index; i++) {
    const earlier = entities[i] as EntityRef;
    if (earlier.id === id && earlier.type === type) return true;
  }
  return false;
}

/** Whether the event belongs to the feed of seed 002's customers: contacts, leads, merchants. */
export function isAboutCustomer(event: Pick<ActivityEvent, 'entities'>): boolean {
  return event.entities.some(({ type }) => CUSTOMER_TYPES.has(type));
}
