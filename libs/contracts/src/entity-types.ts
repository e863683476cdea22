/** The records an event can be about. Seeds 001 and 002 name them; `user` is only mentioned or acts. */
export const ENTITY_TYPES = [
  'account',
  'contact',
  'lead',
  'merchant',
  'deal',
  'ticket',
  'order',
  'reservation',
  'campaign',
  'email_thread',
  'call',
  'sequence',
  'user',
] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/** What seed 002 calls a customer. */
export const CUSTOMERS = ['contact', 'lead', 'merchant'] as const satisfies readonly EntityType[];

/** Every record that has a timeline page: all but `user`. */
export const ANY_RECORD = ENTITY_TYPES.filter((type) => type !== 'user');

/** The read endpoint of seed 002 on which a record's timeline is asked for. */
export type Pivot = 'by-customer' | 'by-resource';

const BY_CUSTOMER: ReadonlySet<string> = new Set<EntityType>([...CUSTOMERS, 'account']);
const KNOWN: ReadonlySet<string> = new Set(ENTITY_TYPES);

export function isEntityType(name: string): name is EntityType {
  return KNOWN.has(name);
}

/** `undefined`: no such entity type, or one without a timeline page (`user`). */
export function pivotOf(entityType: string): Pivot | undefined {
  if (BY_CUSTOMER.has(entityType)) return 'by-customer';
  return entityType !== 'user' && KNOWN.has(entityType) ? 'by-resource' : undefined;
}
