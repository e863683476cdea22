import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { personal, text } from '../payload-fields.js';

export const accountAdded = defineEvent({
  type: 'account.added',
  aliases: ['account_created', 'account.created', 'account_added'],
  activityName: 'account_added',
  topic: 'crm.account',
  when: 'an account is created',
  primary: ['account'],
  references: [],
  versions: {
    1: {
      payload: Type.Object({
        name: Type.Optional(personal(text())),
        domain: Type.Optional(text()),
        source: Type.Optional(text()),
      }),
      summary: 'account added[[ from {source}]]',
    },
  },
  tabs: [],
  icon: 'building',
  deepLink: 'account/{accountId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'account', id: 'acc-1' }],
      actor: { type: 'system', id: 'repository' },
      payload: { name: 'Acme', domain: 'example.com', source: 'signup' },
    },
  ],
});
