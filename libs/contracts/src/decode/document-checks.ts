import type { DeadLetterReason } from '../dead-letter-reasons.js';
import { isJsonObject, type JsonObject, Refused } from './refused.js';

/** Levels of objects and arrays in a payload, itself the first. */
export const MAX_PAYLOAD_DEPTH = 64;
/** A structured event holds its payload two levels down. */
const MAX_DOCUMENT_DEPTH = MAX_PAYLOAD_DEPTH + 2;

/** NUL, a surrogate, or a letter of `__proto__`, written as an escape. */
const SUSPICIOUS_ESCAPE = /\\u(?:0000|00[567]|d[89a-f])/i;
const FORBIDDEN_CHARACTER = /[\0\p{Surrogate}]/u;
/** Names that may stand in a path; any other key may hold personal data and reads `*`. */
const SPEAKABLE = new Set([
  'data',
  'payload',
  'metadata',
  'entities',
  'actor',
  'summary',
  'description',
  'subject',
  'type',
  'id',
  'role',
  'source',
]);
const PAYLOADS = new Set(['payload', 'metadata']);

const MESSAGES = {
  too_deep: 'nested too deeply',
  unsafe_number: 'a number that JSON cannot carry exactly',
  forbidden_key: 'the key __proto__ is not allowed',
  forbidden_character: 'NUL or a lone surrogate in a string or key',
} as const satisfies Partial<Record<DeadLetterReason, string>>;
export type DocumentFault = keyof typeof MESSAGES;

export function refuseDocument(reason: DocumentFault, path: string): Refused {
  const shown = reason === 'too_deep' ? path.split('/').slice(0, 4).join('/') : path;
  return new Refused(reason, shown, MESSAGES[reason]);
}

/** PostgreSQL and other readers cannot hold these. For text that did not come through JSON with `checkDocument`. */
export function hasForbiddenCharacter(text: string): boolean {
  return FORBIDDEN_CHARACTER.test(text);
}

/** Neither infinite (`1e400`) nor an integer beyond 2^53, where neighbours become one. */
export function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

/**
 * Looks for what no part of a document may hold. A payload is only entered when the text gives cause: depth and
 * numbers of payloads are checked where they are written out (`payload-text.ts`).
 */
export function checkDocument(text: string, root: unknown): Refused | undefined {
  const suspicious = text.includes('__proto__') || (text.includes('\\u') && SUSPICIOUS_ESCAPE.test(text));
  if (suspicious || !isJsonObject(root)) return check(root, 1, '');
  return areSound(root, 1) ? undefined : checkMembers(root, 1, '');
}

/** Whether `checkMembers` would find nothing, for a text that gives no cause to look at strings and keys; no path is made on the way. */
function areSound(object: JsonObject, depth: number): boolean {
  for (const key in object) {
    const value = object[key];
    if (typeof value === 'string' || PAYLOADS.has(key)) continue;
    if (!(key === 'data' && isJsonObject(value) ? areSound(value, depth + 1) : isSound(value, depth + 1))) return false;
  }
  return true;
}

function isSound(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return isExact(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > MAX_DOCUMENT_DEPTH) return false;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isSound(value[i], depth + 1)) return false;
    return true;
  }
  for (const key in value) {
    const member = (value as JsonObject)[key];
    if (typeof member !== 'string' && !isSound(member, depth + 1)) return false;
  }
  return true;
}

function checkMembers(object: JsonObject, depth: number, path: string): Refused | undefined {
  for (const key in object) {
    const value = object[key];
    if (typeof value === 'string' || PAYLOADS.has(key)) continue;
    const refused =
      key === 'data' && isJsonObject(value)
        ? checkMembers(value, depth + 1, '/data')
        : check(value, depth + 1, `${path}/${speakable(key)}`);
    if (refused) return refused;
  }
  return undefined;
}

/** Recursion ends at the depth allowed, however deep the document. */
function check(value: unknown, depth: number, path: string): Refused | undefined {
  if (typeof value === 'string') return FORBIDDEN_CHARACTER.test(value) ? refuseDocument('forbidden_character', path) : undefined;
  if (typeof value === 'number') return isExact(value) ? undefined : refuseDocument('unsafe_number', path);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DOCUMENT_DEPTH) return refuseDocument('too_deep', path);
  return Array.isArray(value) ? checkItems(value, depth, path) : checkEntries(value as JsonObject, depth, path);
}

function checkItems(items: readonly unknown[], depth: number, path: string): Refused | undefined {
  for (let i = 0; i < items.length; i++) {
    const refused = check(items[i], depth + 1, `${path}/${i}`);
    if (refused) return refused;
  }
  return undefined;
}

function checkEntries(object: JsonObject, depth: number, path: string): Refused | undefined {
  for (const key of Object.keys(object)) {
    if (key === '__proto__') return refuseDocument('forbidden_key', path);
    const inside = `${path}/${speakable(key)}`;
    const refused = FORBIDDEN_CHARACTER.test(key) ? refuseDocument('forbidden_character', path) : check(object[key], depth + 1, inside);
    if (refused) return refused;
  }
  return undefined;
}

function speakable(key: string): string {
  return SPEAKABLE.has(key) ? key : '*';
}
