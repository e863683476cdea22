import { randomBytes } from 'node:crypto';
import { writeLatin1, writeUtf8 } from './bytes.js';
import { sha256Latin1 } from './sha256.js';

const BLOCK = 64;
const DIGEST = 32;
const SALT = 16;
const SALTS_AT_ONCE = 1024;

/** What RFC 2104 calls ipad and opad. */
const [INNER, OUTER] = [0x36, 0x5c];
const padded = (pad: number, bytes: number): Buffer => Buffer.alloc(bytes).fill(pad, 0, BLOCK);

/** Both grow to the largest seen. Behind the salt a key is zeros, so the rest of its block never changes; a leaf's first byte stays 0. */
let inner = padded(INNER, 64 * 1024);
let leaf = Buffer.alloc(16 * 1024);
const outer = padded(OUTER, BLOCK + DIGEST);

/**
 * SHA-256(0x00 ‖ envelope ‖ HMAC-SHA-256(salt, content)), the leaf of RFC 6962. The envelope is committed to in clear, the content only under the salt:
 * once the salt is erased nobody can test a guess of the content, and the proof still holds. `content` is what its parts make when joined.
 * The salt's 16 bytes are given and the 32 bytes come as latin1.
 */
export function leafHash(envelope: string, content: readonly string[], salt: string): string {
  const commitment = hmac(salt, content);
  const most = 1 + envelope.length * 3 + DIGEST;
  if (most > leaf.length) leaf = Buffer.alloc(2 * most);
  const end = writeLatin1(commitment, leaf, 1 + leaf.write(envelope, 1, 'utf8'));
  return sha256Latin1(leaf.subarray(0, end));
}

/** RFC 2104 by two one-shot hashes: a Hmac object costs more than the hashing. Parts, because joining a payload to anything copies it. */
function hmac(key: string, parts: readonly string[]): string {
  const most = BLOCK + lengthOf(parts) * 3;
  if (most > inner.length) inner = padded(INNER, 2 * most);
  for (let i = 0; i < SALT; i++) {
    const byte = key.charCodeAt(i);
    inner[i] = byte ^ INNER;
    outer[i] = byte ^ OUTER;
  }
  let end = BLOCK;
  for (const part of parts) end = writeUtf8(part, inner, end);
  writeLatin1(sha256Latin1(inner.subarray(0, end)), outer, BLOCK);
  return sha256Latin1(outer);
}

function lengthOf(parts: readonly string[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

let salts = '';
let nextSalt = 0;

/** 16 random bytes as latin1, drawn many at a time. */
export function freshSalt(): string {
  if (nextSalt === salts.length) {
    salts = randomBytes(SALT * SALTS_AT_ONCE).toString('latin1');
    nextSalt = 0;
  }
  const salt = salts.slice(nextSalt, nextSalt + SALT);
  nextSalt += SALT;
  return salt;
}
