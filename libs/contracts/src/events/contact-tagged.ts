import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { text } from '../payload-fields.js';

export const contactTagged = defineEvent({
  type: 'contact.tagged',
  aliases: ['contact_tagged', 'contact.tag_added'],
  activityName: 'contact_tagged',
  topic: 'crm.contact',
  when: 'database hook: a tag is added',
  primary: CUSTOMERS,
  references: [{ type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        tag: text(),
      }),
      summary: 'tagged “{tag}”',
    },
  },
  tabs: [],
  icon: 'tag',
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
      actor: { type: 'system', id: 'database-hook' },
      payload: { tag: 'vip' },
    },
  ],
});
