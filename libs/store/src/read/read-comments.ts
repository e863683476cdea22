import type pg from 'pg';
import { ask, askForRows, type NamedRead } from './read-rows.js';
import type { CommentKey, EventRow } from './types.js';

const READ_KEYS: NamedRead = { name: 'annals.read_comment_keys', text: 'select pin, keys from annals.read_comment_keys($1, $2, $3, $4)' };
const READ_AT: NamedRead = { name: 'annals.read_events_at', text: 'select annals.read_events_at($1, $2, $3)' };
const READ_COMMENT: NamedRead = { name: 'annals.read_comment', text: 'select annals.read_comment($1, $2, $3)' };
const READ_RETRACTION: NamedRead = { name: 'annals.read_retraction', text: 'select annals.read_retraction($1, $2, $3)' };

/** The newest 10,000 comments on a record as of `pin` (absent: now), oldest first by (occurred at, position). For staff. */
export async function commentKeys(
  pool: pg.Pool,
  tenantId: string,
  record: { readonly type: string; readonly id: string },
  pin?: bigint,
): Promise<{ pin: bigint; keys: CommentKey[] }> {
  const [asOf, keys] = await ask(pool, READ_KEYS, [tenantId, record.type, record.id, pin]);
  const listed = JSON.parse(keys ?? '[]') as [string, string, string | null, boolean][];
  return {
    pin: BigInt(asOf ?? 0),
    keys: listed.map(([position, commentId, parentCommentId, deleted]) => ({ position, commentId, parentCommentId, deleted })),
  };
}

/** In the order of `positions`; what is not in the log is left out. For staff. */
export async function eventsAt(pool: pg.Pool, tenantId: string, positions: readonly string[]): Promise<EventRow[]> {
  if (positions.length === 0) return [];
  return (await askForRows(pool, READ_AT, [tenantId, positions])).rows;
}

/** The event that made the comment; null: unknown, or another tenant's. For staff. */
export async function commentById(pool: pg.Pool, tenantId: string, commentId: string): Promise<EventRow | null> {
  return (await askForRows(pool, READ_COMMENT, [tenantId, commentId])).rows[0] ?? null;
}

/** The event that took the entry `id` (UUID) off the timelines; null: it stands, or is unknown. For staff. */
export async function retractionOf(pool: pg.Pool, tenantId: string, id: string): Promise<EventRow | null> {
  return (await askForRows(pool, READ_RETRACTION, [tenantId, id])).rows[0] ?? null;
}
