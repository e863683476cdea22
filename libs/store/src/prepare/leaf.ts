import { randomBytes } from 'node:crypto';
import { writeLatin1, writeUtf8 } from './bytes.js';
import { sha256Latin1 } from './sha256.js';

const BLOCK = 64;
const DIGEST = 32;
const SALT = 16;
const SALTS_AT_ONCE = 1024;

/** Grows to the largest payload seen. */
let scratch = Buffer.alloc(64 * 1024);
const outer = Buffer.alloc(BLOCK + DIGEST);

/**
 * SHA-256(0x00 ‖ envelope ‖ HMAC-SHA-256(salt, content)), the leaf of RFC 6962. The envelope is committed to in clear, the content only under the salt:
 * once the salt is erased nobody can test a guess of the content, and the proof still holds. `content` is what its parts make when joined.
 * The salt's 16 bytes are given and the 32 bytes come as latin1.
 */
export function leafHash(envelope: string, content: readonly string[], salt: string): string {
  const commitment = hmac(salt, content);
  reserve(1 + envelope.length * 3 + DIGEST);
  scratch[0] = 0;
  let end = 1 + scratch.write(envelope, 1, 'utf8');
  end = writeLatin1(commitment, scratch, end);
  return sha256Latin1(scratch.subarray(0, end));
}

/** RFC 2104 by two one-shot hashes: a Hmac object costs more than the hashing. Parts, because joining a payload to anything copies it. */
function hmac(key: string, parts: readonly string[]): string {
  reserve(BLOCK + lengthOf(parts) * 3);
  for (let i = 0; i < BLOCK; i++) {
    const byte = i < SALT ? key.charCodeAt(i) : 0;
    scratch[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  let end = BLOCK;
  for (const part of parts) end = writeUtf8(part, scratch, end);
  writeLatin1(sha256Latin1(scratch.subarray(0, end)), outer, BLOCK);
  return sha256Latin1(outer);
}

function lengthOf(parts: readonly string[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

function reserve(bytes: number): void {
  if (bytes > scratch.length) scratch = Buffer.alloc(bytes * 2);
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
