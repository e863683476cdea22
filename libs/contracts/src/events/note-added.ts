import { Type } from '@sinclair/typebox';
import { ANY_RECORD } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { flag, personal, text } from '../payload-fields.js';

export const noteAdded = defineEvent({
  type: 'note.added',
  aliases: ['note', 'note_added'],
  activityName: 'note',
  topic: 'crm.engagement',
  when: 'a human or an agent adds a note (Add Note on an account, note pinned to a contact)',
  primary: ANY_RECORD,
  references: [{ type: 'account' }, { type: 'contact' }, { type: 'deal' }],
  versions: {
    1: {
      payload: Type.Object({
        text: personal(text({ maxLength: 20_000 })),
        pinned: Type.Optional(flag()),
      }),
      summary: 'added a note: {text|excerpt:120}',
    },
  },
  tabs: ['notes'],
  icon: 'sticky-note',
  deepLink: '{primary}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['human', 'agent'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'account', id: 'acc-1' },
        { type: 'contact', id: 'contact-abc' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { text: 'Prefers to be called after lunch.' },
    },
    {
      entities: [{ type: 'contact', id: 'contact-abc' }],
      actor: { type: 'agent', id: 'follow-up-drafter' },
      payload: { text: 'Budget is decided in March; follow up in February.', pinned: true },
    },
  ],
});
