import { isEntityType, type EntityRef } from '#libs/contracts';
import type { MailEvent } from '../providers/provider.js';

/** Beside the one this is about, and the thread. */
const MOST = 30;

/**
 * The references that the sender gave to its provider to give back: `annals` = "contact/abc,account/acc-1", the primary one first, or a
 * member a type, `annals_contact` = "abc" (some providers allow no slash in a value). None: the sender said nothing.
 */
export function referencesIn(metadata: MailEvent['metadata']): EntityRef[] {
  const { annals } = metadata;
  const listed = (typeof annals === 'string' ? annals : '')
    .split(/[\s,;]+/)
    .flatMap((text) => refOf(text.slice(0, text.indexOf('/')), text.slice(text.indexOf('/') + 1)));
  const named = Object.entries(metadata).flatMap(([name, value]) =>
    name.startsWith('annals_') ? refOf(name.slice('annals_'.length), value) : [],
  );
  return distinct([...listed, ...named.sort(byOwner)]).slice(0, MOST);
}

function refOf(type: string, id: unknown): EntityRef[] {
  return isEntityType(type) && typeof id === 'string' && id !== '' && id.length <= 255 ? [{ type, id }] : [];
}

const OWNERS = ['contact', 'lead', 'merchant'];

/** Whose mail it is stands first. */
function byOwner(a: EntityRef, b: EntityRef): number {
  return rank(a) - rank(b);
}

const rank = ({ type }: EntityRef): number => (OWNERS.includes(type) ? OWNERS.indexOf(type) : OWNERS.length);

/** The references of a stored `email.sent`, as the events that follow from it carry them. */
export function referencesOf(entities: string): EntityRef[] {
  const refs = JSON.parse(entities) as EntityRef[];
  return distinct(refs.map(({ type, id }) => ({ type, id }))).slice(0, MOST);
}

export const isOwned = (refs: readonly EntityRef[]): boolean => refs.some(({ type }) => OWNERS.includes(type));

function distinct(refs: readonly EntityRef[]): EntityRef[] {
  return [...new Map(refs.map((ref) => [`${ref.type}/${ref.id}`, ref])).values()];
}
