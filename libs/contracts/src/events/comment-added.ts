import { Type } from '@sinclair/typebox';
import { ANY_RECORD } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { id, personal, text, texts } from '../payload-fields.js';

export const commentAdded = defineEvent({
  type: 'comment.added',
  aliases: ['comment_created', 'comment.created', 'comment_added'],
  activityName: 'comment_added',
  topic: 'crm.comment',
  when: 'POST /crm/activity/comment/create; mentions make notifications',
  primary: ANY_RECORD,
  references: [{ type: 'user', role: 'mentioned' }],
  versions: {
    1: {
      payload: Type.Object({
        commentId: id(),
        text: personal(text()),
        mentions: Type.Optional(texts()),
        parentCommentId: Type.Optional(id()),
      }),
      summary: 'commented: {text|excerpt:120}',
    },
  },
  tabs: ['comments'],
  icon: 'message-square',
  deepLink: '{primary}',
  scoreFeed: false,
  visibility: 'staff_only',
  defaultActor: ['human', 'agent'],
  groupBy: null,
  effect: (payload) => ({ kind: 'open-comment', commentId: payload.commentId, parentCommentId: payload.parentCommentId ?? null }),
  examples: [
    {
      entities: [
        { type: 'lead', id: 'lead-xyz' },
        { type: 'user', id: 'user-jane', role: 'mentioned' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { commentId: 'c1', text: 'Procurement asked about SOC2 — need to send report.', mentions: ['user-jane'] },
    },
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'human', id: 'user-jane' },
      payload: { commentId: 'c2', text: 'Sent this morning.', parentCommentId: 'c1' },
    },
  ],
});
