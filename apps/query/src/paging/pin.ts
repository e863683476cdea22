import type { Principal } from '../auth/principal.js';
import type { SealedText } from '#libs/service';

const LARGEST = 2n ** 63n - 1n;

/** A pin as JSON text: staff see the position, customers an opaque string. */
export function printPin(sealed: SealedText, principal: Principal, pin: bigint): string {
  return principal.kind === 'customer' ? `"${sealed.seal(String(pin), bindingOf(principal))}"` : String(pin);
}

/** `undefined`: not a pin that this caller was given. */
export function parsePin(sealed: SealedText, principal: Principal, text: string): bigint | undefined {
  const digits = principal.kind === 'customer' ? sealed.open(text, bindingOf(principal)) : text;
  if (digits === undefined || !/^\d{1,19}$/.test(digits)) return undefined;
  const pin = BigInt(digits);
  return pin <= LARGEST ? pin : undefined;
}

/** One caller always reads the same pin of the same binding; another one cannot read it at all. */
function bindingOf(principal: Principal & { kind: 'customer' }): string {
  return JSON.stringify(['pin', principal.tenantId, principal.entity.type, principal.entity.id]);
}
