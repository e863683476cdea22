import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomFillSync } from 'node:crypto';

/**
 * Text that callers carry about without reading or changing it: cursors, the pins of customers (a position would tell them how much is
 * hidden), tracking links. Bound to what it was made for.
 */
export interface SealedText {
  seal(text: string, binding: string): string;
  /** `undefined` unless `token` was sealed with this key and this very binding. */
  open(token: string, binding: string): string | undefined;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRITTEN = /^[A-Za-z0-9_-]{39,8000}$/;

/** AES-256-GCM under a key derived from `secret` for this purpose (RFC 5869), the binding as associated data, all in base64url. */
export function createSealedText(secret: string, purpose: string): SealedText {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)));
  return {
    seal(text, binding) {
      const nonce = nextNonce();
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(binding));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
    },
    open(token, binding) {
      if (!WRITTEN.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(binding)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** Drawn many at a time: a draw costs as much for 500 as for one. */
const nonces = Buffer.alloc(NONCE_BYTES * 500);
let used = nonces.length;

function nextNonce(): Buffer {
  if (used === nonces.length) {
    randomFillSync(nonces);
    used = 0;
  }
  used += NONCE_BYTES;
  return Buffer.from(nonces.subarray(used - NONCE_BYTES, used));
}
