/** Reading JSON that somebody else made: a value of the wrong kind is as good as none. */
export type Json = Readonly<Record<string, unknown>>;

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text as it is, a number as text; nothing else, and nothing empty. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Message ids without the angle brackets of RFC 5322, each once. */
export function messageIdsOf(...values: readonly unknown[]): string[] {
  const ids = values.flatMap((value) => {
    const id = textOf(value)?.trim().replace(/^<|>$/g, '');
    return id === undefined || id === '' ? [] : [id];
  });
  return [...new Set(ids)];
}

/** Seconds since the epoch, fractions allowed, as RFC 3339. */
export function timeOfSeconds(value: unknown): string | null {
  const seconds = numberOf(value);
  return seconds === undefined ? null : timeOfMs(seconds * 1000);
}

/** Any text that names a moment, as RFC 3339 in UTC. */
export function timeOfText(value: unknown): string | null {
  const text = textOf(value);
  return text === undefined ? null : timeOfMs(Date.parse(text));
}

function timeOfMs(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
