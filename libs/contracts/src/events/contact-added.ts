import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { personal, text } from '../payload-fields.js';

export const contactAdded = defineEvent({
  type: 'contact.added',
  aliases: ['contact_created', 'contact.created', 'contact_added'],
  activityName: 'contact_created',
  topic: 'crm.contact',
  when: 'POST /repository/create/contact, import, form',
  primary: ['contact'],
  references: [{ type: 'account' }, { type: 'lead' }],
  versions: {
    1: {
      payload: Type.Object({
        name: Type.Optional(personal(text())),
        email: Type.Optional(personal(text())),
        source: Type.Optional(text()),
      }),
      summary: 'contact added[[ from {source}]]',
    },
  },
  tabs: [],
  icon: 'user-plus',
  deepLink: 'contact/{contactId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'system', id: 'repository' },
      payload: { name: 'Sam Doe', email: 'sam@example.com', source: 'import' },
    },
    { entities: [{ type: 'contact', id: 'contact-abc' }], actor: { type: 'system', id: 'system' }, payload: {} },
  ],
});
