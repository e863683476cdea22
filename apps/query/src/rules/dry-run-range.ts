import { parseTime } from '#libs/contracts';
import { positionBefore, type TenantClient } from '#libs/store';
import { meaningless } from '../http/problem-exception.js';
import type { PositionOrTime } from './position-or-time.js';

/** Positions, `after` exclusive, `upto` inclusive. */
export interface DryRunRange {
  readonly after: bigint;
  readonly upto: bigint;
}

/**
 * What a dry run is asked to look at, no further than `reach`. Times are those at which events were appended (recorded), not those at which they
 * happened: from `from` until before `to` is what a rule would have met that was saved at the one and deleted at the other. Inside `asStaff`.
 */
export async function rangeOf(
  client: TenantClient,
  tenantId: string,
  { from, to }: { readonly from: PositionOrTime; readonly to?: PositionOrTime | undefined },
  reach: bigint,
): Promise<DryRunRange> {
  if (to !== undefined && typeof from === typeof to && placeOf(from) > placeOf(to)) {
    throw meaningless('empty-range', 'from', 'must not lie after to');
  }
  const before = (moment: string): Promise<bigint> => positionBefore(client, tenantId, placeOf(moment));
  const after = typeof from === 'string' ? await before(from) : BigInt(from) - 1n;
  const end = to === undefined ? reach : typeof to === 'string' ? await before(to) : BigInt(to);
  return { after, upto: end < reach ? end : reach };
}

/** Validated before: microseconds since the Unix epoch, or the position. */
const placeOf = (given: PositionOrTime): bigint => (typeof given === 'string' ? (parseTime(given) ?? 0n) : BigInt(given));
