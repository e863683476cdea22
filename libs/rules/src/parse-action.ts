import type { EventDefinition } from '#libs/contracts';
import { isObject, member, refuseUnknown, type Faults } from './faults.js';
import { findField } from './field.js';
import { LIMITS } from './limits.js';
import type { Action, Recipient } from './rule.js';

/** Reads one entry of `then`. */
export function readAction(value: unknown, pointer: string, types: readonly EventDefinition[], faults: Faults): Action | undefined {
  if (!isObject(value) || !Object.hasOwn(value, 'notify')) return faults.add(pointer, 'must be an action: { "notify": … }');
  refuseUnknown(value, ['notify'], pointer, faults);
  const notify = readRecipient(value['notify'], member(pointer, 'notify'), types, faults);
  return notify && { notify };
}

function readRecipient(value: unknown, pointer: string, types: readonly EventDefinition[], faults: Faults): Recipient | undefined {
  if (!isObject(value)) return faults.add(pointer, 'must be { "user": <id> } or { "userFrom": <field> }');
  refuseUnknown(value, ['user', 'userFrom'], pointer, faults);
  const { user, userFrom } = value;
  if ((user === undefined) === (userFrom === undefined)) return faults.add(pointer, 'must hold either user or userFrom');
  if (user !== undefined) return isUserId(user) ? { user } : faults.add(member(pointer, 'user'), 'must be the id of a user');
  return readUserFrom(userFrom, member(pointer, 'userFrom'), types, faults);
}

function readUserFrom(value: unknown, pointer: string, types: readonly EventDefinition[], faults: Faults): Recipient | undefined {
  if (value === 'actor' || value === 'mentions') return { userFrom: value };
  if (typeof value !== 'string' || !value.startsWith('payload.')) {
    return faults.add(pointer, 'must be actor, mentions or payload.<field>');
  }
  const looked = findField(value, types);
  if (looked.outcome === 'unknown') return faults.add(pointer, looked.message);
  const named = looked.field.kind === 'text' || looked.field.kind === 'texts';
  return named ? { userFrom: value } : faults.add(pointer, `is ${looked.field.kind}, which names nobody`);
}

/** As long as the id of an actor, in characters as schemas count them, and without control characters. */
export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && USER_ID.test(value);
}

const USER_ID = new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${LIMITS.idLength}}$`, 'u');
