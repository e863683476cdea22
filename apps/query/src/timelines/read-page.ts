import type { ReadScope, TimelineFilter, TimelineName, TimelinePage, TimelineQuery } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { malformed } from '../http/problem-exception.js';
import { openCursor, sealCursor } from '../paging/page-cursor.js';
import { parsePin } from '../paging/pin.js';
import type { QueryParts } from '../query-parts.js';
import { feedOfType, type ScannedPage } from './feed-of-type.js';
import { placeOf } from './place-of.js';
import { assertMayFilter, assertMayRead, scopeOf } from './read-scope.js';
import { hierarchyOf, pageOfHierarchy, type Hierarchy } from './hierarchy.js';
import type { PagedFilterDto } from './timeline-request.dto.js';
import { toFilter } from './to-filter.js';

/** A page asked for by its number as well as by cursor also counts the whole. */
export interface PageWish {
  readonly timeline: TimelineName;
  /** Of a feed, only what refers to records of this type. */
  readonly recordType?: string | undefined;
  readonly dto: PagedFilterDto;
  readonly limit: number;
  readonly numbered?: { readonly page: number | undefined };
}

export interface PageRead {
  readonly page: TimelinePage;
  /** Number of this page; 1 where pages have none. */
  readonly number: number;
  /** Cursor of the page after this one. */
  readonly next: string | null;
  /** The rows are about accounts below the one asked for. */
  readonly below?: boolean;
}

/** One page of a timeline as this caller may see it. Ends the request with 400, 403, 404 or 422 where it may not. */
export async function readPage(parts: QueryParts, principal: Principal, wish: PageWish): Promise<PageRead> {
  assertMayFilter(principal, wish.dto);
  const hierarchy = hierarchyOf(wish.timeline, wish.dto);
  const filter = toFilter(hierarchy ? { ...wish.dto, tab: 'all' } : wish.dto, { tenantId: principal.tenantId, types: parts.types });
  assertMayRead(principal, wish.timeline);
  const scope = scopeOf(principal);
  const binding = bindingOf(principal, wish, filter, hierarchy);
  const start = startOf(parts, principal, wish, binding);
  const query: TimelineQuery = {
    timeline: wish.timeline,
    filter,
    limit: wish.limit,
    ...start.place,
    ...(start.pin !== undefined && { pin: start.pin, countNewer: true }),
    ...(wish.numbered && { countTotal: true }),
  };
  const page = await pageOf(parts, scope, query, { hierarchy, recordType: wish.recordType, passed: (start.number - 1) * wish.limit });
  const last = page.hasMore ? (page.scannedTo ?? page.rows.at(-1)) : undefined;
  const cursor = last && { ...placeOf(last), pin: page.pin, page: start.number + 1 };
  const next = cursor ? sealCursor(parts.sealed, cursor, binding) : null;
  return { page, number: start.number, next, ...(hierarchy && { below: true }) };
}

interface Kind {
  readonly hierarchy: Hierarchy | undefined;
  readonly recordType: string | undefined;
  /** Rows on the pages before this one. */
  readonly passed: number;
}

function pageOf(
  { store }: QueryParts,
  scope: ReadScope,
  query: TimelineQuery,
  { hierarchy, recordType, passed }: Kind,
): Promise<ScannedPage> {
  if (hierarchy) return pageOfHierarchy(store, scope, query, hierarchy);
  if (recordType === undefined) return store.timelinePage(scope, query);
  return feedOfType(store, scope, query, recordType, query.after ? passed : 0);
}

interface Start {
  readonly number: number;
  readonly pin?: bigint | undefined;
  readonly place: Pick<TimelineQuery, 'after' | 'page'>;
}

function startOf(parts: QueryParts, principal: Principal, { dto, numbered }: PageWish, binding: string): Start {
  const pin = dto.pin === undefined ? undefined : parsePin(parts.sealed, principal, dto.pin);
  if (dto.pin !== undefined && pin === undefined) throw malformed('pin', 'must be the pin of an earlier answer');
  if (dto.cursor === undefined) {
    const number = numbered?.page ?? 1;
    return { number, pin, place: number > 1 ? { page: number } : {} };
  }
  const cursor = openCursor(parts.sealed, dto.cursor, binding);
  if (cursor === undefined) throw malformed('cursor', 'must be the `next` of an earlier page of this very list, with the same filters');
  if (pin !== undefined && pin !== cursor.pin) throw malformed('pin', 'differs from the pin of the cursor');
  if (numbered?.page !== undefined && numbered.page !== cursor.page) throw malformed('page', 'differs from the page of the cursor');
  return { number: cursor.page, pin: cursor.pin, place: { after: { occurredAt: cursor.occurredAt, position: cursor.position } } };
}

/** Everything that decides which rows a cursor walks over, in one fixed form. */
function bindingOf(principal: Principal, wish: PageWish, filter: TimelineFilter, hierarchy: Hierarchy | undefined): string {
  const { timeline, recordType, numbered, limit } = wish;
  const caller = principal.kind === 'customer' ? [principal.entity.type, principal.entity.id] : 'staff';
  const range = [filter.from?.toString(), filter.to?.toString()];
  const actor = filter.actor && [filter.actor.type, filter.actor.id];
  // pages that carry a number are numbered by their size
  const size = numbered ? limit : undefined;
  return JSON.stringify([
    principal.tenantId,
    caller,
    timeline,
    recordType,
    filter.types,
    actor,
    range,
    filter.includeRetracted,
    size,
    hierarchy,
  ]);
}
