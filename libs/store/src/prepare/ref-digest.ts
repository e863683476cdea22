import { sha256Half } from './sha256.js';

/** A power of two. Full, it holds some 3 MB. */
const SLOTS = 1 << 14;
const types = new Array<string>(SLOTS).fill('');
const ids = new Array<string>(SLOTS).fill('');
const digests = new Array<Buffer | undefined>(SLOTS).fill(undefined);

/**
 * `annals.ref(type, id)`: the first 16 bytes of SHA-256 of type/id. The result is shared: never write to it.
 * Entities come back often, so digests are remembered: each has one place, and the last to come keeps it.
 */
export function refDigest(type: string, id: string): Buffer {
  const slot = slotOf(type, id);
  const known = digests[slot];
  if (known !== undefined && ids[slot] === id && types[slot] === type) return known;
  const digest = sha256Half(`${type}/${id}`);
  digests[slot] = digest;
  ids[slot] = id;
  types[slot] = type;
  return digest;
}

/** The end of an id tells it from others. */
const TELLING = 16;

/** FNV-1a. Whoever makes entities collide gains nothing but a hash each. */
function slotOf(type: string, id: string): number {
  let hash = 0x811c9dc5 ^ type.length;
  for (let i = Math.max(0, id.length - TELLING); i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}
