import type pg from 'pg';
import { askAll, type Answer, type NamedRead } from './read-rows.js';
import { readEventLines } from './event-lines.js';
import { streamPage } from './stream-page.js';
import type { FeedAfter, FeedPage } from './types.js';

/** The function says anew for each tenant who reads: row-level security holds for each as if it were read alone. */
const READ_ROUND: NamedRead = {
  name: 'annals.read_feeds',
  text: 'select lines, reached, head from annals.read_feeds($1::uuid[], $2::bigint[], $3, $4)',
};

/** What stands in the feeds of several tenants after a position each, retracted entries too, for staff: one round trip, in the order asked. */
export async function streamRound(pool: pg.Pool, asked: readonly FeedAfter[], limit: number, bytes: number): Promise<FeedPage[]> {
  const tenants = asked.map(({ tenantId }) => tenantId);
  const positions = asked.map(({ after }) => String(after));
  const answers = await askAll(pool, READ_ROUND, [tenants, positions, limit, bytes]);
  return Promise.all(asked.map(async (feed, n) => pageOf(answers[n] ?? []) ?? (await readAlone(pool, feed, limit, bytes))));
}

/** Null: a stored text holds one of the marks. */
function pageOf([lines, reached, head]: Answer): FeedPage | null {
  const rows = typeof lines === 'string' ? readEventLines(lines, '') : [];
  return rows && { rows, reached: BigInt(reached ?? 0), head: BigInt(head ?? 0) };
}

/** With marks that nobody can guess, if need be. */
function readAlone(pool: pg.Pool, { tenantId, after }: FeedAfter, limit: number, bytes: number): Promise<FeedPage> {
  return streamPage(pool, { tenantId, audience: 'staff' }, { filter: { includeRetracted: true }, after, limit, bytes });
}
