import type { Principal } from '../auth/principal.js';
import { malformed } from '../http/problem-exception.js';
import type { SealedText } from '#libs/service';

const LARGEST = 2n ** 63n - 1n;
const DIGITS = /^\d{1,19}$/;

/** Positions as ids of a stream: plain for staff; sealed for customers, whom they would tell how much is hidden. */
export interface StreamIds {
  print(position: bigint): string;
  /** Ends the request with 400 unless it is an id of this reader's. `0` is before the first. */
  parse(id: string): bigint;
  /** Whether reading an id tells anything. Else a heartbeat may not either, not even by moving on only when something has happened. */
  readonly plain: boolean;
}

export function streamIds(sealed: SealedText, principal: Principal): StreamIds {
  if (principal.kind !== 'customer') return { print: String, parse: (id) => positionOf(id), plain: true };
  const binding = JSON.stringify(['stream', principal.tenantId, principal.entity.type, principal.entity.id]);
  return {
    // as long for a small position as for a large one
    print: (position) => sealed.seal(String(position).padStart(19, '0'), binding),
    parse: (id) => positionOf(id === '0' ? id : sealed.open(id, binding)),
    plain: false,
  };
}

function positionOf(digits: string | undefined): bigint {
  const position = digits !== undefined && DIGITS.test(digits) ? BigInt(digits) : undefined;
  if (position === undefined || position > LARGEST) throw badLastEventId();
  return position;
}

export function badLastEventId(): Error {
  return malformed('Last-Event-ID', 'must be the id of an entry of this stream, or 0 to begin with the first');
}

/** Browsers send the header when they come back by themselves; the parameter is for their first request. Empty is none. */
export function lastEventIdOf(header: string | string[] | undefined, parameter: string | undefined): string | undefined {
  if (Array.isArray(header)) throw badLastEventId();
  return header?.trim() || parameter || undefined;
}
