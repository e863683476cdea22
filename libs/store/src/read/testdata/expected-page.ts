import { FEED, foldTimelines, timelineOf, type FoldedMerge, type FoldedRow, type FoldedTimelines, type LogEntry } from '#libs/timelines';
import type { ReadScope, TimelineFilter, TimelineName, TimelineQuery } from '../types.js';

export interface ExpectedPage {
  readonly positions: readonly bigint[];
  /** Of the same rows, as of the pin. */
  readonly retractedAt: readonly (bigint | null)[];
  readonly hasMore: boolean;
  readonly newer: number;
  readonly total: number;
}

/** What a page must show, computed from the whole log in memory. */
export function expectedPage(log: readonly LogEntry[], scope: ReadScope, query: TimelineQuery): ExpectedPage {
  const head = BigInt(log.length);
  const pin = query.pin === undefined || query.pin > head ? head : query.pin;
  const folded = foldTimelines(log);
  const shown = (at: bigint) => rowsOf(folded, scope, query.timeline, pin).filter((row) => shows(row, scope, query.filter, at));
  const rows = shown(pin);
  const start = startOf(rows, query);
  const page = rows.slice(start, start + query.limit);
  return {
    positions: page.map(({ position }) => position),
    retractedAt: page.map(({ retractedAtPosition: at }) => (at !== null && at <= pin ? at : null)),
    hasMore: rows.length > start + query.limit,
    newer: shown(head).filter(({ position }) => position > pin).length,
    total: rows.length,
  };
}

function rowsOf(folded: FoldedTimelines, scope: ReadScope, timeline: TimelineName, pin: bigint): FoldedRow[] {
  if (timeline.kind === 'feed') {
    if (scope.audience === 'customer') return [];
    return (folded.timelines.get(FEED) ?? []).filter((row) => row.aboutCustomer || timeline.aboutCustomers !== true);
  }
  const name = timelineOf(timeline);
  if (scope.audience === 'customer' && (!scope.customer || timelineOf(scope.customer) !== name)) return [];
  const names = scope.audience === 'staff' ? mergedWith(name, folded.merges, pin) : [name];
  const rows = new Map(names.flatMap((each) => folded.timelines.get(each) ?? []).map((row) => [row.position, row]));
  return [...rows.values()].sort(newestFirst);
}

function mergedWith(name: string, merges: readonly FoldedMerge[], pin: bigint): string[] {
  const standing = merges.filter(
    ({ mergedAtPosition, unmergedAtPosition }) => mergedAtPosition <= pin && (unmergedAtPosition === null || unmergedAtPosition > pin),
  );
  const reached = new Set([name]);
  for (const each of reached) {
    for (const { from, into } of standing) {
      if (from === each) reached.add(into);
      if (into === each) reached.add(from);
    }
  }
  return [...reached];
}

/** Whether a row shows to this reader as of a position. */
export function shows(row: FoldedRow, scope: ReadScope, filter: TimelineFilter, at: bigint): boolean {
  const all = filter.includeRetracted === true && scope.audience === 'staff';
  return (
    row.position <= at &&
    (all || row.retractedAtPosition === null || row.retractedAtPosition > at) &&
    (scope.audience === 'staff' || row.customerVisible) &&
    (filter.types?.includes(row.type) ?? true) &&
    actorMatches(row.actor, filter.actor) &&
    (filter.from === undefined || row.occurredAt >= filter.from) &&
    (filter.to === undefined || row.occurredAt < filter.to)
  );
}

function actorMatches(actor: string, wanted: TimelineFilter['actor']): boolean {
  if (!wanted) return true;
  return wanted.type === undefined ? actor.slice(actor.indexOf('/') + 1) === wanted.id : actor === `${wanted.type}/${wanted.id}`;
}

function startOf(rows: readonly FoldedRow[], { after, page = 1, limit }: TimelineQuery): number {
  if (!after) return (page - 1) * limit;
  const next = rows.findIndex((row) => newestFirst(after, row) < 0);
  return next < 0 ? rows.length : next;
}

interface Place {
  readonly occurredAt: bigint;
  readonly position: bigint;
}

export function newestFirst(a: Place, b: Place): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? 1 : -1;
  return a.position === b.position ? 0 : a.position < b.position ? 1 : -1;
}
