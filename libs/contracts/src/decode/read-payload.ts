import type { ErrorObject } from 'ajv';
import type { EventDefinition } from '../event-definition.js';
import { refuseDocument } from './document-checks.js';
import type { Envelope } from './envelope.js';
import { type PayloadRules, payloadRules } from './payload-rules.js';
import { type PayloadFault, payloadText } from './payload-text.js';
import { isJsonObject, type JsonObject, Refused } from './refused.js';

/** Largest payload as canonical JSON, bytes of UTF-8. */
export const MAX_PAYLOAD_BYTES = 262_144;

/** A payload that passed its schema, with the key aliases resolved, and its canonical text. */
export interface ReadPayload {
  readonly value: JsonObject;
  readonly text: string;
}

export function readPayload(envelope: Envelope, definition: EventDefinition, version: number): ReadPayload | Refused {
  const place = envelope.places.payload;
  const given = envelope.payload;
  if (!isJsonObject(given))
    return new Refused('bad_payload', place, given === undefined ? 'the event has no payload' : 'must be an object');
  const rules = payloadRules(definition, version);
  if (!rules) return new Refused('unknown_version', envelope.places.attribute('dataschema'), 'no such version of this type');
  const value = resolveAliases(given, rules.aliases);
  const text = payloadText(value);
  if (typeof text !== 'string') return refuseDocument(text.reason, place + faultPath(text, rules));
  if (!fits(text)) return new Refused('too_large', place, `larger than ${MAX_PAYLOAD_BYTES} bytes`);
  return rules.validate(value) ? { value, text } : refuseBySchema(place, rules.validate.errors?.[0]);
}

function resolveAliases(payload: JsonObject, aliases: ReadonlyMap<string, string>): JsonObject {
  for (const key in payload) {
    if (aliases.has(key)) return rename(payload, aliases);
  }
  return payload;
}

/** A key that is there under its own name wins; the alias then stays as an unknown key. */
function rename(payload: JsonObject, aliases: ReadonlyMap<string, string>): JsonObject {
  const renamed: Record<string, unknown> = { ...payload };
  for (const [alias, field] of aliases) {
    if (!Object.hasOwn(renamed, alias) || Object.hasOwn(renamed, field)) continue;
    renamed[field] = renamed[alias];
    delete renamed[alias];
  }
  return renamed;
}

function fits(text: string): boolean {
  if (text.length * 3 <= MAX_PAYLOAD_BYTES) return true;
  return text.length <= MAX_PAYLOAD_BYTES && new TextEncoder().encode(text).length <= MAX_PAYLOAD_BYTES;
}

/** Keys that no schema names may hold personal data: they read `*`. */
function faultPath(fault: PayloadFault, { fields }: PayloadRules): string {
  const speak = (key: string | number, level: number) => (typeof key === 'number' || (level === 0 && fields.has(key)) ? String(key) : '*');
  return fault.path.map((key, level) => `/${speak(key, level)}`).join('');
}

/** Ajv's messages name keywords and limits, never values. */
function refuseBySchema(place: string, error: ErrorObject | undefined): Refused {
  const missing = (error?.params as { missingProperty?: string } | undefined)?.missingProperty;
  const path = `${place}${error?.instancePath ?? ''}${missing === undefined ? '' : `/${missing}`}`;
  return new Refused('bad_payload', path, missing === undefined ? (error?.message ?? 'does not match the schema') : 'is required');
}
