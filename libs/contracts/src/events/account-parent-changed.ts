import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { nullable } from '../payload-fields.js';

export const accountParentChanged = defineEvent({
  type: 'account.parent_changed',
  aliases: ['account_parent_changed', 'account.hierarchy_changed'],
  activityName: 'account_parent_changed',
  topic: 'crm.account',
  when: 'a parent or child link changes (feeds the Hierarchy tab and the org roll-up)',
  primary: ['account'],
  references: [
    { type: 'account', role: 'parent' },
    { type: 'account', role: 'previous_parent' },
  ],
  versions: {
    1: {
      payload: Type.Object({
        fromParentId: Type.Optional(nullable('string')),
        toParentId: Type.Optional(nullable('string')),
      }),
      summary: '[[?toParentId:moved under a new parent account]][[!toParentId:became a top-level account]]',
    },
  },
  tabs: ['hierarchy'],
  icon: 'network',
  deepLink: 'account/{accountId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['human', 'system'],
  groupBy: null,
  // as the sentence reads it: where no parent is named there is none
  effect: ({ toParentId }) => ({ kind: 'change-parent', toParentId: toParentId || null }),
  examples: [
    {
      entities: [
        { type: 'account', id: 'acc-1' },
        { type: 'account', id: 'acc-9', role: 'parent' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { fromParentId: null, toParentId: 'acc-9' },
    },
    {
      entities: [
        { type: 'account', id: 'acc-1' },
        { type: 'account', id: 'acc-9', role: 'previous_parent' },
      ],
      actor: { type: 'system', id: 'repository' },
      payload: { fromParentId: 'acc-9', toParentId: null },
    },
  ],
});
