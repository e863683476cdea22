import { quote, sortedKeys } from '../canonical-json.js';
import { type DocumentFault, isExact, MAX_PAYLOAD_DEPTH } from './document-checks.js';
import type { JsonObject } from './refused.js';

/** Where a payload cannot be written out, innermost segment last. */
export interface PayloadFault {
  readonly reason: DocumentFault;
  readonly path: readonly (string | number)[];
}

/** A payload as canonical JSON (RFC 8785), checked for depth and numbers on the way. */
export function payloadText(payload: JsonObject): string | PayloadFault {
  return objectText(payload, 1);
}

function valueText(value: unknown, depth: number): string | PayloadFault {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return isExact(value) ? String(value) : { reason: 'unsafe_number', path: [] };
    case 'object':
      if (value === null) return 'null';
      if (depth > MAX_PAYLOAD_DEPTH) return { reason: 'too_deep', path: [] };
      return Array.isArray(value) ? arrayText(value, depth) : objectText(value as JsonObject, depth);
    default:
      return value === true ? 'true' : 'false';
  }
}

function objectText(object: JsonObject, depth: number): string | PayloadFault {
  let text = '';
  for (const key of sortedKeys(object)) {
    const value = valueText(object[key], depth + 1);
    if (typeof value !== 'string') return { reason: value.reason, path: [key, ...value.path] };
    text += text === '' ? `{${quote(key)}:${value}` : `,${quote(key)}:${value}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function arrayText(items: readonly unknown[], depth: number): string | PayloadFault {
  let text = '';
  for (let i = 0; i < items.length; i++) {
    const value = valueText(items[i], depth + 1);
    if (typeof value !== 'string') return { reason: value.reason, path: [i, ...value.path] };
    text += text === '' ? `[${value}` : `,${value}`;
  }
  return text === '' ? '[]' : `${text}]`;
}
