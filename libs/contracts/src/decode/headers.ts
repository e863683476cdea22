import type { HeaderValue, WireRecord } from '../event.js';
import { decodeUtf8 } from './record-text.js';
import { Refused } from './refused.js';

export type WireForm = 'structured' | 'binary' | 'flat';
type Headers = WireRecord['headers'];

const STRUCTURED = /^\s*application\/cloudevents/i;
const BINARY_MARKS = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type'] as const;

/** Which of the three forms a record is in, told by its headers alone. */
export function wireForm(headers: Headers): WireForm {
  const known = forms.get(headers);
  if (known !== undefined) return known;
  const form = readForm(headers);
  forms.set(headers, form);
  return form;
}

/** Records of one batch mostly share their headers. */
const forms = new WeakMap<Headers, WireForm>();

function readForm(headers: Headers): WireForm {
  const contentType = headerText(headers, 'content-type') ?? contentTypeInAnyCase(headers);
  if (typeof contentType === 'string' && STRUCTURED.test(contentType)) return 'structured';
  return BINARY_MARKS.every((name) => first(headers[name]) !== undefined) ? 'binary' : 'flat';
}

/** The first value of a header, as text. */
export function headerText(headers: Headers, name: string): string | undefined | Refused {
  const value = first(headers[name]);
  if (value === undefined || typeof value === 'string') return value;
  return decodeUtf8(value) ?? new Refused('not_utf8', name, 'the header is not UTF-8');
}

function contentTypeInAnyCase(headers: Headers): string | undefined | Refused {
  for (const name in headers) {
    if (name.length === 12 && name.toLowerCase() === 'content-type') return headerText(headers, name);
  }
  return undefined;
}

function first(value: HeaderValue): Uint8Array | string | undefined {
  const one = Array.isArray(value) ? (value as readonly (Uint8Array | string)[])[0] : (value as Uint8Array | string | undefined);
  return one ?? undefined;
}
