import type { EntityRef } from '#libs/contracts';
import { isAddress, lineOf } from '#libs/sequences';
import type { SlimEvent, TenantRef, ToldPerson } from '#libs/store';

/** Events that may tell how to reach somebody. */
export const PEOPLE_TYPES = ['contact.added', 'form.submitted', 'lead.added'] as const;
export const ERASED_TYPE = 'subject.erased';

/** What an event tells of the people it is about; backfilled ones count too. */
export function toldPeople({ tenantId, position, type, entities, payload }: SlimEvent): ToldPerson[] {
  if (!PEOPLE_TYPES.some((known) => known === type) || payload === null) return [];
  const fields = type === 'form.submitted' ? payload['fields'] : payload;
  if (typeof fields !== 'object' || fields === null) return [];
  const { email, name } = fields as Readonly<Record<string, unknown>>;
  const address = typeof email === 'string' ? email.trim() : undefined;
  const told = {
    ...(isAddress(address) && { address }),
    ...(typeof name === 'string' && lineOf(name) !== '' && { name: lineOf(name) }),
  };
  if (Object.keys(told).length === 0) return [];
  return entities.filter(isPerson).map((entity) => ({ tenantId, entity: { type: entity.type, id: entity.id }, position, ...told }));
}

/** People whose data must be forgotten. */
export function erasedPeople({ tenantId, type, entities }: SlimEvent): TenantRef[] {
  return type === ERASED_TYPE ? entities.filter(isPerson).map((entity) => ({ tenantId, entity })) : [];
}

export const isPerson = ({ type }: EntityRef): boolean => type === 'lead' || type === 'contact';
