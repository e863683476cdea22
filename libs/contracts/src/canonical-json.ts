/** Anything but characters that stand in JSON as they are; surrogate pairs go through JSON.stringify, which keeps them. */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A string as a JSON text. RFC 8785 escapes as ECMAScript does. */
export function quote(text: string): string {
  const asItIs = text.length <= SHORT ? isPlain(text) : !NEEDS_ESCAPE.test(text);
  return asItIs ? `"${text}"` : JSON.stringify(text);
}

/** Up to so many characters a loop is done before an expression has begun. */
const SHORT = 64;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === QUOTE || code === BACKSLASH || (code >= 0xd800 && code <= 0xdfff)) return false;
  }
  return true;
}

/** The own keys in the order of RFC 8785: by UTF-16 code units. */
export function sortedKeys(object: object): string[] {
  const keys = Object.keys(object);
  return keys.length <= FEW ? insertionSorted(keys) : keys.sort();
}

/** `sort` copies what it sorts, three times what a payload's keys are worth. */
const FEW = 24;

function insertionSorted(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string;
    let at = i;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}

/**
 * Canonical JSON, RFC 8785 (JCS). Keys whose value is `undefined` are left out.
 * For values that came from JSON and nest no deeper than a stack allows; throws a RangeError for a number that JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('not a JSON number');
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Record<string, unknown>;
  const members = sortedKeys(object)
    .filter((key) => object[key] !== undefined)
    .map((key) => `${quote(key)}:${canonicalJson(object[key])}`);
  return `{${members.join(',')}}`;
}
