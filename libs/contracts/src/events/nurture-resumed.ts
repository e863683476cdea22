import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { oneOf, text } from '../payload-fields.js';

export const nurtureResumed = defineEvent({
  type: 'nurture.resumed',
  aliases: ['nurture_resumed', 'sequence.resumed'],
  activityName: 'nurture_resumed',
  topic: 'crm.nurture',
  when: 'a paused sequence goes on',
  primary: ['lead', 'contact'],
  references: [{ type: 'contact' }, { type: 'account' }, { type: 'sequence' }],
  versions: {
    1: {
      payload: Type.Object({
        sequenceId: text(),
        sequenceName: Type.Optional(text()),
        by: Type.Optional(oneOf('manual', 'rule')),
      }),
      summary: 'resumed sequence {sequenceName??sequenceId}',
    },
  },
  tabs: [],
  icon: 'play',
  deepLink: 'sequence/{sequenceId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['human', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { sequenceId: 'seq_123', sequenceName: 'Welcome', by: 'manual' },
    },
  ],
});
