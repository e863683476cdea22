import { sha256Latin1 } from './sha256.js';

/** A power of two. Full, it holds some 3 MB. */
const SLOTS = 1 << 14;
const types = new Array<string>(SLOTS).fill('');
const ids = new Array<string>(SLOTS).fill('');
const digests = new Array<string>(SLOTS).fill('');

/** `annals.ref(type, id)`: the first 16 bytes of SHA-256 of type/id. */
export const refDigest = (type: string, id: string): Buffer => Buffer.from(refLatin1(type, id), 'latin1');

/**
 * The same as latin1: a buffer of its own would cost as much as the hash. Entities come back often, so digests are remembered: each has one
 * place, and the last to come keeps it.
 */
export function refLatin1(type: string, id: string): string {
  const slot = slotOf(type, id);
  if (ids[slot] === id && types[slot] === type) return digests[slot] as string;
  const digest = sha256Latin1(`${type}/${id}`).slice(0, BYTES);
  digests[slot] = digest;
  ids[slot] = id;
  types[slot] = type;
  return digest;
}

const BYTES = 16;

/** The end of an id tells it from others. */
const TELLING = 16;

/** FNV-1a. Whoever makes entities collide gains nothing but a hash each. */
function slotOf(type: string, id: string): number {
  let hash = 0x811c9dc5 ^ type.length;
  for (let i = Math.max(0, id.length - TELLING); i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}
