import { FEED, foldTimelines, type FoldedRow, type LogEntry } from '#libs/timelines';
import type { HierarchyQuery } from '../types.js';
import { shows, newestFirst, type ExpectedPage } from './expected-page.js';

/** A parent change that counts as of a pin. */
interface Move {
  readonly account: string;
  readonly parent: string | null;
  readonly occurredAt: bigint;
  readonly position: bigint;
}

/** What the Hierarchy tab must show, computed from the whole log in memory: every entry is asked upwards, account by account. */
export function expectedHierarchy(log: readonly LogEntry[], query: HierarchyQuery): ExpectedPage {
  const head = BigInt(log.length);
  const pin = query.pin === undefined || query.pin > head ? head : query.pin;
  const feed = [...(foldTimelines(log).timelines.get(FEED) ?? [])].sort(newestFirst);
  const moves = movesOf(log, feed, pin);
  const inTab = feed.filter((row) => belongs(log[Number(row.position) - 1]!, moves, query));
  const shown = (at: bigint): FoldedRow[] => inTab.filter((row) => shows(row, { tenantId: '', audience: 'staff' }, query.filter, at));
  const rows = shown(pin);
  const { after, page = 1, limit } = query;
  const start = after ? rows.filter((row) => newestFirst(row, after) <= 0).length : (page - 1) * limit;
  const cut = rows.slice(start, start + limit);
  return {
    positions: cut.map(({ position }) => position),
    retractedAt: cut.map(({ retractedAtPosition: at }) => (at !== null && at <= pin ? at : null)),
    hasMore: rows.length > start + limit,
    newer: shown(head).filter(({ position }) => position > pin).length,
    total: rows.length,
  };
}

function movesOf(log: readonly LogEntry[], feed: readonly FoldedRow[], pin: bigint): Move[] {
  const retractedAt = new Map(feed.map((row) => [row.position, row.retractedAtPosition]));
  return log.flatMap(({ position, event }) => {
    const taken = retractedAt.get(position) ?? null;
    if (event.effect?.kind !== 'change-parent' || position > pin || (taken !== null && taken <= pin)) return [];
    return [{ account: event.entities[0].id, parent: event.effect.toParentId, occurredAt: event.occurredAt, position }];
  });
}

function belongs({ event }: LogEntry, moves: readonly Move[], { accountId, depth = Infinity }: HierarchyQuery): boolean {
  const accounts = event.entities.filter(({ type }) => type === 'account').map(({ id }) => id);
  if (event.type === 'account.parent_changed' && accounts.includes(accountId)) return true;
  return accounts.some((account) => {
    const up = account === accountId ? undefined : levelsUp(account, accountId, moves, event.occurredAt);
    return up !== undefined && up <= depth;
  });
}

function levelsUp(from: string, to: string, moves: readonly Move[], at: bigint): number | undefined {
  const passed = new Set<string>();
  for (let account: string | null = from, levels = 0; account !== null && !passed.has(account); levels++) {
    if (account === to) return levels;
    passed.add(account);
    account = parentAt(account, moves, at);
  }
  return undefined;
}

function parentAt(account: string, moves: readonly Move[], at: bigint): string | null {
  const [last] = moves.filter((move) => move.account === account && move.occurredAt <= at).sort(newestFirst);
  return last?.parent ?? null;
}
