const ID = '0192f0c4-7c1e-8b7a-9d1c-6f1b2a3c4d5e';
const TEXT = 'Procurement asked about SOC2 — need to send report.';
const OWNER = { type: 'lead', id: 'lead-xyz' };
const SAID = { commentId: ID, text: TEXT, mentions: ['user-jane'] };

/** What stands in the document for a comment that is made. */
export const COMMENT_EXAMPLE = {
  type: 'comment_added',
  sourceType: 'comment.added',
  entities: [OWNER, { type: 'user', id: 'user-jane', role: 'mentioned' }],
  summary: `commented: ${TEXT}`,
  icon: 'message-square',
  tabs: ['comments'],
  deepLink: 'lead/lead-xyz',
  payload: SAID,
  datatype: OWNER.type,
  ownerId: OWNER.id,
  metadata: SAID,
  ...SAID,
  parentCommentId: null,
  deleted: false,
};

export const DELETION_EXAMPLE = {
  type: 'comment_deleted',
  sourceType: 'comment.deleted',
  entities: [OWNER],
  summary: 'deleted a comment',
  icon: 'message-square-off',
  tabs: ['comments'],
  deepLink: 'lead/lead-xyz',
  payload: { commentId: ID, reason: 'wrong lead' },
  datatype: OWNER.type,
  ownerId: OWNER.id,
  metadata: { commentId: ID, reason: 'wrong lead' },
};

export const THREAD_EXAMPLE = [
  {
    ...COMMENT_EXAMPLE,
    ...{ id: ID, source: '/annals/manage', sourceId: '0192f0c4-7c1e-7f00-9d1c-6f1b2a3c4d5e', position: 971, depth: 0 },
    ...{
      actor: { type: 'human', id: 'jane@example.com' },
      occurredAt: '2026-01-05T14:30:00.000000Z',
      appendedAt: '2026-01-05T14:30:00.021000Z',
    },
  },
];
