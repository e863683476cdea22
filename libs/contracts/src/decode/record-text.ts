import { Refused } from './refused.js';

/** Largest record value that is parsed, bytes. */
export const MAX_RECORD_BYTES = 1_048_576;
/** The magic byte and the schema id before the JSON in Confluent's wire format. */
const CONFLUENT_PREFIX_BYTES = 5;

/** Strict: an invalid sequence throws. A leading byte order mark is taken off (RFC 8259 § 8.1 lets a parser ignore it). */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON text of a record's value. */
export function recordText(value: Uint8Array): string | Refused {
  if (value.length > MAX_RECORD_BYTES) return new Refused('too_large', '', `the value is larger than ${MAX_RECORD_BYTES} bytes`);
  const text = decodeUtf8(value[0] === 0 ? value.subarray(CONFLUENT_PREFIX_BYTES) : value);
  return text ?? new Refused('not_utf8', '', 'the value is not UTF-8');
}

/** `undefined`: not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
