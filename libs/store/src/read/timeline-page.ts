import type pg from 'pg';
import { askForRows, type Answer, type NamedRead } from './read-rows.js';
import { postgresTime } from './postgres-time.js';
import { scopeValues } from './scope-values.js';
import type { ReadScope, TimelinePage, TimelineQuery } from './types.js';

const READ_TIMELINE: NamedRead = {
  name: 'annals.read_timeline',
  text: `select lines, pin, newer, newer_is_floor, total, total_is_floor
           from annals.read_timeline($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
};

/** One page in one round trip; see docs/decisions/0010-reads.md. */
export async function timelinePage(pool: pg.Pool, scope: ReadScope, query: TimelineQuery): Promise<TimelinePage> {
  const { rows, rest } = await askForRows(pool, READ_TIMELINE, [...scopeValues(scope), ...queryValues(query)]);
  return { rows: rows.slice(0, query.limit), hasMore: rows.length > query.limit, ...figures(rest, query, rows.length) };
}

function queryValues({ timeline, filter, ...query }: TimelineQuery): unknown[] {
  const entity = timeline.kind === 'entity' ? timeline : undefined;
  return [
    entity?.type,
    entity?.id,
    timeline.kind === 'feed' && timeline.aboutCustomers === true,
    filter.types,
    filter.actor?.type,
    filter.actor?.id,
    timeOrNull(filter.from),
    timeOrNull(filter.to),
    filter.includeRetracted === true,
    query.pin,
    query.limit,
    timeOrNull(query.after?.occurredAt),
    query.after?.position,
    query.page,
    query.countTotal === true,
    query.countNewer === true,
  ];
}

export const timeOrNull = (microseconds: bigint | undefined): string | null =>
  microseconds === undefined ? null : postgresTime(microseconds);

type Counting = Pick<TimelineQuery, 'countNewer' | 'countTotal' | 'page' | 'limit'>;

/** What a read of a page answers beside its rows, of which `found` were found: a total that is a floor counts at least those and the pages before. */
export function figures([pin, newer, newerIsFloor, total, totalIsFloor]: Answer, query: Counting, found: number) {
  const seen = found === 0 ? 0 : ((query.page ?? 1) - 1) * query.limit + found;
  return {
    pin: BigInt(pin ?? 0),
    ...(query.countNewer === true && { newer: Number(newer), newerIsFloor: newerIsFloor === 't' }),
    ...(query.countTotal === true && { total: Math.max(Number(total), seen), totalIsFloor: totalIsFloor === 't' }),
  };
}
