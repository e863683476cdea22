import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { text } from '../payload-fields.js';

export const subjectErased = defineEvent({
  type: 'subject.erased',
  aliases: ['subject_erased', 'contact.erased'],
  activityName: 'subject_erased',
  topic: 'annals.control',
  when: 'privacy erasure done; carries no personal data',
  primary: ['contact', 'lead', 'user'],
  references: [],
  versions: {
    1: {
      payload: Type.Object({
        requestId: text(),
        subjectType: text(),
        subjectId: text(),
        eventsErased: Type.Integer(),
      }),
      summary: 'personal data erased on request',
    },
  },
  tabs: [],
  icon: 'shield-off',
  deepLink: null,
  scoreFeed: false,
  visibility: 'staff_only',
  defaultActor: ['human', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'contact', id: 'contact-abc' }],
      actor: { type: 'human', id: 'privacy-officer' },
      payload: { requestId: 'req-17', subjectType: 'contact', subjectId: 'contact-abc', eventsErased: 214 },
    },
  ],
});
