import type { Threaded } from '#libs/comments';
import type { CommentKey, EventRow } from '#libs/store';
import { payloadOf } from '../items/read-event.js';
import { printActivityItem } from '../items/staff-item.js';
import type { TypeScope } from '../items/type-scope.js';

interface Owner {
  readonly type: string;
  readonly id: string;
}

/** An item of seed 002's endpoints, and beside it what makes it a comment. */
export function printComment(scope: TypeScope, row: EventRow, owner: Owner): string {
  const { commentId = row.id, parentCommentId = null, text = null, mentions = [] } = payloadOf(row) ?? {};
  const own = JSON.stringify({ commentId, parentCommentId, text, mentions, deleted: false }).slice(1);
  return `${printActivityItem(scope, row, owner).slice(0, -1)},${own}`;
}

/** As {@link printComment}, with its depth; of a deleted one nothing is told but that it was there. */
export function printThreaded(scope: TypeScope, row: EventRow, owner: Owner, key: Threaded<CommentKey>): string {
  const { commentId, parentCommentId, depth } = key;
  if (!key.deleted) return `${printComment(scope, row, owner).slice(0, -1)},"depth":${depth}}`;
  return JSON.stringify({ id: row.id, commentId, parentCommentId, depth, occurredAt: row.occurredAt, text: null, deleted: true });
}
