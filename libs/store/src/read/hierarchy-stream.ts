import { randomBytes } from 'node:crypto';
import type { TenantClient } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';
import { asStaff } from './as-staff.js';
import { readEventLines } from './event-lines.js';
import { FAR_PAGE, NEAR_PAGE, PLANS, PLANS_OF_A_PAGE, READ_TREE } from './hierarchy-stream-queries.js';
import { ask, type Answer } from './read-rows.js';
import { timeOrNull } from './timeline-page.js';
import type { EventRow, HierarchyStreamQuery, StreamPage } from './types.js';

/** So near the head the log is walked; farther back the keys of the accounts' timelines are. */
const NEAR_EVENTS = 1_000n;

interface Tree {
  readonly head: bigint;
  /** `annals.membership[]` as the server prints it. */
  readonly memberships: string | null;
  readonly refs: readonly string[];
}

/**
 * One step onwards through an account's Hierarchy tab: what the list shows as of the head it is read at, with the memberships of that head,
 * oldest position first. `refs` are the account and all that ever stood below it: an entry of no other can show, until an account moves or a
 * move is taken back. Takes six round trips. For staff.
 */
export function hierarchyStream(
  database: Database,
  tenantId: string,
  query: HierarchyStreamQuery,
  nearEvents = NEAR_EVENTS,
): Promise<StreamPage | 'too-large'> {
  return asStaff(database, tenantId, async (client) => {
    await client.query(PLANS);
    const tree = await readTree(client, tenantId, query);
    if (tree === 'too-large') return tree;
    const { head, refs } = tree;
    const { after } = query;
    if (after === undefined || after >= head) return { rows: [], reached: head, head, refs };
    await client.query(PLANS_OF_A_PAGE);
    const page = head - after <= nearEvents ? NEAR_PAGE : FAR_PAGE;
    const values = pageValues(tenantId, query, tree, after);
    for (const mark of ['', randomBytes(12).toString('hex')]) {
      const { rows, reached } = pageOf(await ask(client, page, [...values, mark]), mark);
      if (rows !== null) return { rows, reached: reached ?? head, head, refs };
    }
    throw new Error(`${page.name} cannot be read`);
  });
}

async function readTree(client: TenantClient, tenantId: string, query: HierarchyStreamQuery): Promise<Tree | 'too-large'> {
  const { from, to } = query.filter;
  const [head, memberships = null, refs, tooLarge] = await ask(client, READ_TREE, [
    tenantId,
    query.accountId,
    query.depth,
    timeOrNull(from),
    timeOrNull(to),
  ]);
  if (tooLarge === 't') return 'too-large';
  return { head: BigInt(head ?? 0), memberships, refs: (refs ?? '').replaceAll('-', '').split(',') };
}

function pageValues(tenantId: string, { filter, accountId, limit, bytes }: HierarchyStreamQuery, tree: Tree, after: bigint): unknown[] {
  const { types, actor, from, to, includeRetracted } = filter;
  const range = [timeOrNull(from), timeOrNull(to)];
  return [
    ...[tenantId, accountId, tree.memberships, types, actor?.type, actor?.id, ...range],
    ...[includeRetracted === true, after, tree.head, limit, bytes],
  ];
}

/** `rows` null: a stored text holds the mark. `reached` undefined: everything up to the head is in it. */
function pageOf([lines, reached]: Answer, mark: string): { rows: EventRow[] | null; reached: bigint | undefined } {
  const rows = typeof lines === 'string' ? readEventLines(lines, mark) : [];
  return { rows, reached: typeof reached === 'string' ? BigInt(reached) : undefined };
}
