import { isUuid } from '../auth/claims.js';

/** What a read waits for: everything up to a position, or the entry of an id. */
export type PositionToken = { readonly kind: 'position'; readonly position: bigint } | { readonly kind: 'entry'; readonly id: string };

const LARGEST = 2n ** 63n - 1n;

/** `undefined`: no token of ours. */
export function parseToken(text: string): PositionToken | undefined {
  if (isUuid(text)) return { kind: 'entry', id: text.toLowerCase() };
  if (!/^\d{1,19}$/.test(text)) return undefined;
  const position = BigInt(text);
  return position <= LARGEST ? { kind: 'position', position } : undefined;
}
