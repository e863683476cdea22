import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { text } from '../payload-fields.js';

export const nurtureEnrolled = defineEvent({
  type: 'nurture.enrolled',
  aliases: ['nurture_enrolled', 'sequence.enrolled'],
  activityName: 'nurture_enrolled',
  topic: 'crm.nurture',
  when: 'the lead enters a nurture sequence',
  primary: ['lead', 'contact'],
  references: [{ type: 'contact' }, { type: 'account' }, { type: 'sequence' }],
  versions: {
    1: {
      payload: Type.Object({
        sequenceId: text(),
        sequenceName: Type.Optional(text()),
      }),
      summary: 'enrolled in sequence {sequenceName??sequenceId}',
    },
  },
  tabs: [],
  icon: 'log-in',
  deepLink: 'sequence/{sequenceId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['human', 'agent', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'lead', id: 'lead-xyz' },
        { type: 'sequence', id: 'seq_123' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { sequenceId: 'seq_123', sequenceName: 'Welcome' },
    },
  ],
});
