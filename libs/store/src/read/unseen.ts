import type pg from 'pg';
import { ask, type NamedRead } from './read-rows.js';
import { scopeValues } from './scope-values.js';
import type { ReadScope, TimelineName, Unseen } from './types.js';

const READ_UNSEEN: NamedRead = {
  name: 'annals.read_unseen',
  text: 'select head, unseen, is_floor from annals.read_unseen($1, $2, $3, $4, $5, $6, $7)',
};

/** What stands on a timeline after `seen`, but for what the user did. */
export async function unseen(pool: pg.Pool, scope: ReadScope, timeline: TimelineName, seen: bigint, userId: string): Promise<Unseen> {
  const entity = timeline.kind === 'entity' ? timeline : undefined;
  const [head, count, isFloor] = await ask(pool, READ_UNSEEN, [...scopeValues(scope), entity?.type, entity?.id, seen, userId]);
  return { head: BigInt(head ?? 0), unseen: Number(count), isFloor: isFloor === 't' };
}
