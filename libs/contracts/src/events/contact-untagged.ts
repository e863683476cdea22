import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { text } from '../payload-fields.js';

export const contactUntagged = defineEvent({
  type: 'contact.untagged',
  aliases: ['contact_untagged', 'contact.tag_removed'],
  activityName: 'contact_untagged',
  topic: 'crm.contact',
  when: 'a tag is removed (needed so that trigger conditions on tags stay true)',
  primary: CUSTOMERS,
  references: [{ type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        tag: text(),
      }),
      summary: 'removed tag “{tag}”',
    },
  },
  tabs: [],
  icon: 'tag-off',
  deepLink: 'contact/{contactId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    { entities: [{ type: 'contact', id: 'contact-abc' }], actor: { type: 'system', id: 'database-hook' }, payload: { tag: 'vip' } },
  ],
});
