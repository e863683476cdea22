import { hash } from 'node:crypto';
import type { Claims } from './claims.js';

interface Entry {
  readonly claims: Claims;
  readonly until: number;
}

/** A revoked key or a changed claim is noticed after this at the latest. */
const LONGEST_MS = 60_000;

/**
 * Tokens that were verified a moment ago, by the SHA-256 of their text: a copy of this memory holds no token.
 * Bounded; the oldest entry goes first. Only good tokens are kept, so nobody can fill it with rubbish.
 */
export class VerifiedTokens {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly capacity = 10_000) {}

  get(token: string, now: number): Claims | undefined {
    if (this.entries.size === 0) return undefined;
    const entry = this.entries.get(keyOf(token));
    return entry && entry.until > now ? entry.claims : undefined;
  }

  /** Kept until the token expires (`expiresAt`, milliseconds), at most a minute. */
  add(token: string, claims: Claims, expiresAt: number, now: number): void {
    const key = keyOf(token);
    this.entries.delete(key);
    this.entries.set(key, { claims, until: Math.min(expiresAt, now + LONGEST_MS) });
    if (this.entries.size <= this.capacity) return;
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64');
}
