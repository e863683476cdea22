import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { id, text } from '../payload-fields.js';

export const contactMerged = defineEvent({
  type: 'contact.merged',
  aliases: ['contact_merged'],
  activityName: 'contact_merged',
  topic: 'crm.contact',
  when: 'two records become one; timeline reads follow at once, nothing is rewritten',
  primary: ['contact'],
  references: [{ type: 'contact', role: 'merged', expected: true }],
  versions: {
    1: {
      payload: Type.Object({
        fromContactId: id(),
        intoContactId: id(),
        reason: Type.Optional(text()),
      }),
      summary: 'merged with another contact',
    },
  },
  tabs: [],
  icon: 'git-merge',
  deepLink: 'contact/{intoContactId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['human', 'agent', 'system'],
  groupBy: null,
  effect: (payload) => ({ kind: 'merge-contact', fromContactId: payload.fromContactId, intoContactId: payload.intoContactId }),
  examples: [
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'contact', id: 'contact-old', role: 'merged' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { fromContactId: 'contact-old', intoContactId: 'contact-abc', reason: 'same person' },
    },
  ],
});
