import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { oneOf, text } from '../payload-fields.js';

export const nurtureExited = defineEvent({
  type: 'nurture.exited',
  aliases: ['nurture_exited', 'sequence.exited'],
  activityName: 'nurture_exited',
  topic: 'crm.nurture',
  when: 'exit by conversion, disqualification or reply',
  primary: ['lead', 'contact'],
  references: [{ type: 'contact' }, { type: 'account' }, { type: 'sequence' }],
  versions: {
    1: {
      payload: Type.Object({
        sequenceId: text(),
        sequenceName: Type.Optional(text()),
        reason: oneOf('conversion', 'disqualification', 'reply', 'manual'),
      }),
      summary: 'left sequence {sequenceName??sequenceId} ({reason})',
    },
  },
  tabs: [],
  icon: 'log-out',
  deepLink: 'sequence/{sequenceId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'lead', id: 'lead-xyz' },
        { type: 'contact', id: 'contact-abc' },
      ],
      actor: { type: 'system', id: 'sequence-engine' },
      payload: { sequenceId: 'seq_123', reason: 'reply' },
    },
  ],
});
