import { problem } from '#libs/service';
import type { RollupAnswer, RollupQuery } from '#libs/store';
import { meaningless, ProblemException } from '../http/problem-exception.js';
import { lookUntil, Watch } from '../live/watch.js';
import type { QueryParts } from '../query-parts.js';
import { canonicalType } from '../timelines/to-filter.js';
import { daysOf } from './days-of.js';
import type { RollupsQueryDto } from './rollups.dto.js';

/** The question as the store takes it. Ends the request with 400 or 422. */
export function rollupQuery({ types }: QueryParts, tenantId: string, dto: RollupsQueryDto, nowMs: number): RollupQuery {
  const { by, account, granularity, limit } = dto;
  if (account !== undefined && by !== 'type' && by !== 'account') {
    throw meaningless('not-kept', 'account', 'goes with by=type or by=account: who did what on one account is not rolled up');
  }
  const named = dto.type && [...new Set(dto.type.map((name) => canonicalType(name, { types, tenantId })))];
  return { by, granularity, limit, ...daysOf(dto, nowMs), ...(named && { types: named }), ...(account !== undefined && { account }) };
}

/** The roll-ups as they are; where the caller `mustSee` what is in the log now, as soon as they are that far, or 409. */
export async function readRollups(parts: QueryParts, tenantId: string, query: RollupQuery, mustSee: boolean): Promise<RollupAnswer> {
  const first = await parts.store.rollups(tenantId, query);
  if (!mustSee || first.lag === 0n) return first;
  const wanted = first.asOf + first.lag;
  const watch = new Watch(parts.wakes, tenantId);
  try {
    let last = first;
    const seen = await lookUntil(watch, parts.waits.readMs, async () => {
      last = await parts.store.rollups(tenantId, query);
      return last.asOf >= wanted ? last : null;
    });
    if (seen === null) throw notFolded(wanted, last.asOf);
    return seen;
  } finally {
    watch.close();
  }
}

function notFolded(asked: bigint, head: bigint): ProblemException {
  const detail = 'the roll-ups have not reached what the position token names; ask again shortly';
  const document = problem({ status: 409, type: 'not-yet-visible', title: 'Not visible yet', detail });
  return new ProblemException(
    { ...document, ...{ asked: String(asked), head: String(head), lag: String(asked - head) } },
    { 'retry-after': '1' },
  );
}
