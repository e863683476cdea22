import type pg from 'pg';
import { askForRows, type NamedRead } from './read-rows.js';
import { scopeValues } from './scope-values.js';
import { figures, timeOrNull } from './timeline-page.js';
import type { HierarchyQuery, ReadScope, TimelinePage } from './types.js';

const READ_HIERARCHY: NamedRead = {
  name: 'annals.read_hierarchy',
  text: `select lines, pin, newer, newer_is_floor, total, total_is_floor, too_large
           from annals.read_hierarchy($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
};

/** One page of an account's Hierarchy tab in one round trip; see docs/decisions/0044-hierarchy.md. */
export async function hierarchyPage(pool: pg.Pool, scope: ReadScope, query: HierarchyQuery): Promise<TimelinePage | 'too-large'> {
  const { filter, limit } = query;
  const { rows, rest } = await askForRows(pool, READ_HIERARCHY, [
    ...scopeValues(scope),
    query.accountId,
    query.depth,
    filter.types,
    filter.actor?.type,
    filter.actor?.id,
    timeOrNull(filter.from),
    timeOrNull(filter.to),
    filter.includeRetracted === true,
    query.pin,
    limit,
    timeOrNull(query.after?.occurredAt),
    query.after?.position,
    query.page,
    query.countTotal === true,
    query.countNewer === true,
  ]);
  if (rest.at(-1) === 't') return 'too-large';
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit, ...figures(rest, query, rows.length) };
}
