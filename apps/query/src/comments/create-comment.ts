import { commentEntities, distinctMentions } from '#libs/comments';
import type { EntityRef } from '#libs/contracts';
import type { Principal } from '../auth/principal.js';
import type { EntryWish } from '../entries/write-entry.js';
import { meaningless } from '../http/problem-exception.js';
import type { QueryParts } from '../query-parts.js';
import type { CommentDto } from './comment.dto.js';

/** A comment's id is the id of its entry, so it is the same when the request is repeated with its key. */
export function createWish(
  parts: Pick<QueryParts, 'store'>,
  { tenantId }: Principal,
  record: EntityRef,
  { text, mentions = [], parentCommentId }: CommentDto,
): Pick<EntryWish, 'draft' | 'check'> {
  return {
    draft: (id) => ({
      type: 'comment.added',
      entities: commentEntities(record, mentions),
      payload: {
        commentId: id,
        text,
        ...(mentions.length > 0 && { mentions: distinctMentions(mentions) }),
        ...(parentCommentId !== undefined && { parentCommentId }),
      },
    }),
    check: async () => {
      if (parentCommentId !== undefined) await assertParent(parts, tenantId, record, parentCommentId);
    },
  };
}

/** A comment on another record, and one of another tenant, look like one that never was. */
async function assertParent(parts: Pick<QueryParts, 'store'>, tenantId: string, record: EntityRef, parentId: string): Promise<void> {
  const { keys } = await parts.store.commentKeys(tenantId, record);
  const parent = keys.find(({ commentId }) => commentId === parentId);
  if (parent === undefined) throw meaningless('unknown-parent', 'parentCommentId', 'is no comment on this record');
  if (parent.deleted) throw meaningless('unknown-parent', 'parentCommentId', 'has been deleted');
}
