import { CUSTOMERS } from '#libs/contracts';
import type { EventRow, QueryStore, ReadScope, TimelinePage, TimelineQuery } from '#libs/store';
import { entitiesOf } from '../items/read-event.js';
import { placeOf } from './place-of.js';

const SCANNED_AT_ONCE = 200;
const LONGEST_SCAN = 5000;

/** A page, and the last row that was looked at: the next page begins behind it. */
export type ScannedPage = TimelinePage & { readonly scannedTo?: EventRow | undefined };

/**
 * The part of the feed that refers to a record of one type (seed 002's `by-customer/:datatype` without an owner). The
 * store has no key for it, so the feed is walked and what does not belong is left out: 5,000 rows at most, after which
 * the page ends early and says that there is more. The total is what was seen, a floor while there is more; `passed`
 * rows stood on the pages before a cursor.
 */
export async function feedOfType(
  store: QueryStore,
  scope: ReadScope,
  query: TimelineQuery,
  type: string,
  passed: number,
): Promise<ScannedPage> {
  const { page: number = 1, limit, ...asked } = query;
  const aboutCustomers = CUSTOMERS.some((known) => known === type);
  const walk: TimelineQuery = { ...asked, timeline: { kind: 'feed', aboutCustomers }, limit: SCANNED_AT_ONCE, countTotal: false };
  const skipped = (number - 1) * limit;
  const first = await store.timelinePage(scope, walk);
  const { found, end } = await scan(store, scope, { ...walk, pin: first.pin, countNewer: false }, first, type, skipped + limit);
  const rows = found.slice(skipped, skipped + limit);
  const hasMore = end.hasMore || found.length > skipped + limit;
  const scannedTo = found.length > skipped + limit ? rows.at(-1) : end.rows.at(-1);
  return { ...first, rows, hasMore, total: passed + found.length, totalIsFloor: hasMore, scannedTo };
}

/** Pages of the feed until more than `enough` rows belong, the feed ends, or the scan has been long enough. */
async function scan(store: QueryStore, scope: ReadScope, walk: TimelineQuery, first: TimelinePage, type: string, enough: number) {
  const found = first.rows.filter((row) => refersTo(row, type));
  let end = first;
  for (let seen = first.rows.length; end.hasMore && found.length <= enough && seen < LONGEST_SCAN; seen += end.rows.length) {
    const last = end.rows.at(-1);
    if (last === undefined) break;
    end = await store.timelinePage(scope, { ...walk, after: placeOf(last) });
    found.push(...end.rows.filter((row) => refersTo(row, type)));
  }
  return { found, end };
}

function refersTo(row: EventRow, type: string): boolean {
  return entitiesOf(row).some((entity) => entity.type === type);
}
