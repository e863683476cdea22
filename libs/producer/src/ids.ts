import { createHash, randomFillSync } from 'node:crypto';

const RANDOM_BYTES = 4096;
const pool = Buffer.alloc(RANDOM_BYTES);
let used = RANDOM_BYTES;
let lastMs = 0;
let sequence = 0;

/** A UUIDv7 (RFC 9562). Those of one process ascend, 4096 a millisecond, also when the clock stands or steps back. */
export function uuidV7(nowMs: number): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = 0;
  } else if (++sequence > 0xfff) {
    lastMs++;
    sequence = 0;
  }
  if (used + 8 > RANDOM_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString('hex', used, (used += 8));
  return uuid(lastMs.toString(16).padStart(12, '0'), `7${sequence.toString(16).padStart(3, '0')}`, random);
}

/**
 * An id that is the same whenever the parts are: a UUIDv8 of their SHA-256. For a producer that may meet the same fact again,
 * after a restart or in a redelivered callback: annals then stores the event once. Parts are told apart: ('ab','c') is not
 * ('a','bc').
 */
export function idFrom(first: string | number, ...others: readonly (string | number)[]): string {
  const hash = digest([first, ...others]);
  return uuid(hash.slice(0, 12), `8${hash.slice(13, 16)}`, hash.slice(16, 32));
}

/**
 * `idFrom` in the shape of a UUIDv7: the time, which belongs to the id, stands in front. Prefer it where the fact has a time
 * that never changes: annals' index of identities then stays in cache. Throws for a time that is none.
 */
export function timedIdFrom(time: Date | string, first: string | number, ...others: readonly (string | number)[]): string {
  const ms = new Date(time).getTime();
  if (!(ms >= 0 && ms < 2 ** 48)) throw new RangeError('an id needs a time after 1970');
  const hash = digest([String(ms), first, ...others]);
  return uuid(ms.toString(16).padStart(12, '0'), `7${hash.slice(13, 16)}`, hash.slice(16, 32));
}

/** As netstrings, so that no two lists of parts are one text. */
function digest(parts: readonly (string | number)[]): string {
  const text = parts.map((part) => `${Buffer.byteLength(String(part))}:${part},`).join('');
  return createHash('sha256').update(text).digest('hex');
}

const VARIANTS = '89ab';

/** 12 hex digits, 4 with the version in front, 16 of which the first gets the variant. */
function uuid(head: string, middle: string, tail: string): string {
  const variant = VARIANTS[parseInt(tail.charAt(0), 16) & 3] ?? '8';
  return `${head.slice(0, 8)}-${head.slice(8)}-${middle}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
}
