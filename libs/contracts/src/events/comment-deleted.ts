import { Type } from '@sinclair/typebox';
import { ANY_RECORD } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { id, text } from '../payload-fields.js';

export const commentDeleted = defineEvent({
  type: 'comment.deleted',
  aliases: ['comment_deleted'],
  activityName: 'comment_deleted',
  topic: 'crm.comment',
  when: '/crm/activity/comment/delete/:id (a tombstone, the first event stays)',
  primary: ANY_RECORD,
  references: [],
  versions: {
    1: {
      payload: Type.Object({
        commentId: id(),
        reason: Type.Optional(text()),
      }),
      summary: 'deleted a comment',
    },
  },
  tabs: ['comments'],
  icon: 'message-square-off',
  deepLink: '{primary}',
  scoreFeed: false,
  visibility: 'staff_only',
  defaultActor: ['human'],
  groupBy: null,
  effect: (payload) => ({ kind: 'delete-comment', commentId: payload.commentId }),
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { commentId: 'c2', reason: 'wrong lead' },
    },
  ],
});
