import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Equal or not, in a time that says nothing about where they differ. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

export function sameText(a: string, b: string): boolean {
  return sameBytes(Buffer.from(a), Buffer.from(b));
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

export function hmacSha256(key: Buffer | string, ...parts: readonly (Buffer | string)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** Not older, and not further ahead, than `toleranceMs`. */
export function isFresh(seconds: string, nowMs: number, toleranceMs: number): boolean {
  return /^\d{1,12}$/.test(seconds) && Math.abs(nowMs - Number(seconds) * 1000) <= toleranceMs;
}

export const FIVE_MINUTES_MS = 300_000;
