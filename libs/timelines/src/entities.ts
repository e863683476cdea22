import { CUSTOMERS, type ActivityEvent, type EntityRef } from '#libs/contracts';

const CUSTOMER_TYPES: ReadonlySet<string> = new Set<string>(CUSTOMERS);

/** Each entity once, in the order of the event: the same one may be referred to in several roles. */
export function distinctEntities(entities: readonly EntityRef[]): readonly EntityRef[] {
  if (entities.length === 1) return entities;
  const seen = new Set<string>();
  return entities.filter(({ type, id }) => {
    const key = `${type}/${id}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether the event belongs to the feed of seed 002's customers: contacts, leads, merchants. */
export function isAboutCustomer(event: Pick<ActivityEvent, 'entities'>): boolean {
  return event.entities.some(({ type }) => CUSTOMER_TYPES.has(type));
}
