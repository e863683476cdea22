import { sha256Latin1 } from './sha256.js';
import { writeLatin1 } from './bytes.js';

const BYTES = 16;
/** A power of two. */
const SLOTS = 1 << 15;
/** A slot: the digest, how long the name is (0: the slot is free), the name. Longer names are digested each time. */
const SLOT = 80;
const NAME_AT = BYTES + 1;
const LONGEST = SLOT - NAME_AT;
const slots = Buffer.alloc(SLOTS * SLOT);
const name = Buffer.alloc(LONGEST);

/** `annals.ref(type, id)`: the first 16 bytes of SHA-256 of type/id. */
export function refDigest(type: string, id: string): Buffer {
  const digest = Buffer.alloc(BYTES);
  writeRef(type, id, digest, 0);
  return digest;
}

/**
 * Writes the same into `into` and returns where it ends. Entities come back often, so digests are remembered: each has one place, and the last
 * to come keeps it. They are remembered as bytes: as strings they were a quarter of what the collector took for permanent.
 */
export function writeRef(type: string, id: string, into: Buffer, at: number): number {
  const length = type.length + 1 + id.length;
  const slot = length <= LONGEST ? slotOfName(type, id) : -1;
  if (slot < 0) return writeDigest(type, id, into, at);
  if (!holdsName(slot, length)) remember(slot, length, type, id);
  for (let i = 0; i < BYTES; i++) into[at + i] = slots[slot + i] as number;
  return at + BYTES;
}

const writeDigest = (type: string, id: string, into: Buffer, at: number): number =>
  writeLatin1(sha256Latin1(`${type}/${id}`).slice(0, BYTES), into, at);

/** Writes the name to `name` and gives its place; -1: it is not ASCII. FNV-1a: whoever makes entities collide gains nothing but a hash each. */
function slotOfName(type: string, id: string): number {
  let hash = 0x811c9dc5;
  let all = 0;
  const { length } = type;
  for (let i = 0; i < length; i++) {
    const code = type.charCodeAt(i);
    all |= code;
    name[i] = code;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  name[length] = SLASH;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    all |= code;
    name[length + 1 + i] = code;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return all > 0x7f ? -1 : ((hash ^ (hash >>> 15)) & (SLOTS - 1)) * SLOT;
}
const SLASH = 0x2f;

function holdsName(slot: number, length: number): boolean {
  if (slots[slot + BYTES] !== length) return false;
  for (let i = 0; i < length; i++) if (slots[slot + NAME_AT + i] !== name[i]) return false;
  return true;
}

function remember(slot: number, length: number, type: string, id: string): void {
  writeDigest(type, id, slots, slot);
  slots[slot + BYTES] = length;
  for (let i = 0; i < length; i++) slots[slot + NAME_AT + i] = name[i] as number;
}
