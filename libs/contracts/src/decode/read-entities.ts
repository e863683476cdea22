import { isEntityType } from '../entity-types.js';
import type { EventDefinition } from '../event-definition.js';
import type { EntityRef } from '../event.js';
import type { Envelope } from './envelope.js';
import { isJsonObject, isShortText, Refused } from './refused.js';

export const MAX_ENTITIES = 32;
export type Entities = readonly [EntityRef, ...EntityRef[]];

/** The references in their one order: primary first, the others by type, id and role, each once. */
export function readEntities(envelope: Envelope, definition: EventDefinition): Entities | Refused {
  const listed = readList(envelope);
  if (listed instanceof Refused) return listed;
  const subject = envelope.subject ?? null;
  const primary = subject === null ? choosePrimary(envelope, definition, listed) : readSubject(envelope, subject);
  if (primary instanceof Refused) return primary;
  if (!isAllowed(definition.primary, primary) && !isAllowed(definition.standIn, primary)) {
    return refuse(envelope, `a ${definition.type} event is about ${definition.primary.join(', ')}`);
  }
  if (listed.some((ref) => ref.role === 'primary' && !isSame(ref, primary)))
    return refuse(envelope, 'subject and primary reference disagree');
  const entities = arrange(primary, listed);
  return entities.length <= MAX_ENTITIES ? entities : refuse(envelope, `more than ${MAX_ENTITIES} references`);
}

function readList(envelope: Envelope): EntityRef[] | Refused {
  const list = envelope.entities ?? [];
  if (!Array.isArray(list)) return refuse(envelope, 'must be a list');
  // a subject alone will do, but a list that is there holds 1 to 32
  if (envelope.entities !== undefined && list.length === 0) return refuse(envelope, 'needs at least one reference');
  if (list.length > MAX_ENTITIES) return refuse(envelope, `more than ${MAX_ENTITIES} references`);
  const refs: EntityRef[] = [];
  for (const item of list) {
    const ref = readRef(item);
    if (!ref) return refuse(envelope, 'each reference needs a known type and an id of 1 to 255 characters', refs.length);
    refs.push(ref);
  }
  return refs;
}

function readRef(item: unknown): EntityRef | undefined {
  if (!isJsonObject(item)) return undefined;
  const { type, id } = item;
  const role = item.role ?? '';
  if (typeof type !== 'string' || !isEntityType(type) || !isShortText(id)) return undefined;
  if (role === '') return { type, id };
  return isShortText(role) ? { type, id, role } : undefined;
}

/** `<entityType>/<id>`; the id may hold slashes. */
function readSubject(envelope: Envelope, subject: unknown): EntityRef | Refused {
  const slash = typeof subject === 'string' ? subject.indexOf('/') : -1;
  if (typeof subject === 'string' && slash > 0) {
    const type = subject.slice(0, slash);
    const id = subject.slice(slash + 1);
    if (isEntityType(type) && isShortText(id)) return { type, id };
  }
  return new Refused('bad_entities', envelope.places.attribute('subject'), 'must be <entityType>/<id> of a known entity type');
}

function isAllowed(types: EventDefinition['primary'] | undefined, { type }: EntityRef): boolean {
  return types !== undefined && types.some((one) => one === type);
}

/** Without a subject: the reference said to be primary, else the first the type allows, one without a role before one with, else one that may stand in. */
function choosePrimary(envelope: Envelope, definition: EventDefinition, refs: readonly EntityRef[]): EntityRef | Refused {
  const allowed = refs.filter((ref) => isAllowed(definition.primary, ref));
  const chosen =
    refs.find((ref) => ref.role === 'primary') ??
    allowed.find((ref) => ref.role === undefined) ??
    allowed[0] ??
    refs.find((ref) => isAllowed(definition.standIn, ref));
  return chosen ?? refuse(envelope, `a ${definition.type} event needs a reference to ${definition.primary.join(', ')}`);
}

function arrange(primary: EntityRef, listed: EntityRef[]): Entities {
  for (let i = 0; i < listed.length; i++) listed[i] = withoutPrimaryRole(listed[i] as EntityRef);
  const others = sortRefs(listed);
  const first = others.find((ref) => isSame(ref, primary)) ?? primary;
  const arranged: [EntityRef, ...EntityRef[]] = [first];
  let before = first;
  for (const ref of others) {
    if (ref !== first && compareRefs(ref, first) !== 0 && (before === first || compareRefs(before, ref) !== 0)) arranged.push(ref);
    before = ref;
  }
  return arranged;
}

/** In place. At most 32, and mostly three: `sort` would copy them twice. */
function sortRefs(refs: EntityRef[]): EntityRef[] {
  for (let i = 1; i < refs.length; i++) {
    const ref = refs[i] as EntityRef;
    let at = i;
    for (; at > 0 && compareRefs(refs[at - 1] as EntityRef, ref) > 0; at--) refs[at] = refs[at - 1] as EntityRef;
    refs[at] = ref;
  }
  return refs;
}

function withoutPrimaryRole(ref: EntityRef): EntityRef {
  return ref.role === 'primary' ? { type: ref.type, id: ref.id } : ref;
}

function isSame(a: EntityRef, b: EntityRef): boolean {
  return a.type === b.type && a.id === b.id;
}

/** By type, id, role in UTF-16 code units; no role comes first. */
function compareRefs(a: EntityRef, b: EntityRef): number {
  return compare(a.type, b.type) || compare(a.id, b.id) || compare(a.role ?? '', b.role ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function refuse(envelope: Envelope, message: string, index?: number): Refused {
  return new Refused('bad_entities', index === undefined ? envelope.places.entities : `${envelope.places.entities}/${index}`, message);
}
