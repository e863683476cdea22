import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { id, text } from '../payload-fields.js';

export const contactUnmerged = defineEvent({
  type: 'contact.unmerged',
  aliases: ['contact_unmerged'],
  activityName: 'contact_unmerged',
  topic: 'crm.contact',
  when: 'a merge is taken back; both timelines are exact again',
  primary: ['contact'],
  references: [{ type: 'contact', role: 'merged', expected: true }],
  versions: {
    1: {
      payload: Type.Object({
        mergeEventId: id(),
        reason: Type.Optional(text()),
      }),
      summary: 'merge taken back',
    },
  },
  tabs: [],
  icon: 'git-branch',
  deepLink: 'contact/{contactId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['human', 'system'],
  groupBy: null,
  effect: (payload) => ({ kind: 'unmerge-contact', mergeEventId: payload.mergeEventId }),
  examples: [
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'contact', id: 'contact-old', role: 'merged' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { mergeEventId: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e', reason: 'two people after all' },
    },
  ],
});
