import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { oneOf, text } from '../payload-fields.js';

export const nurturePaused = defineEvent({
  type: 'nurture.paused',
  aliases: ['nurture_paused', 'sequence.paused'],
  activityName: 'nurture_paused',
  topic: 'crm.nurture',
  when: 'paused by hand or by a rule',
  primary: ['lead', 'contact'],
  references: [{ type: 'contact' }, { type: 'account' }, { type: 'sequence' }],
  versions: {
    1: {
      payload: Type.Object({
        sequenceId: text(),
        sequenceName: Type.Optional(text()),
        by: Type.Optional(oneOf('manual', 'rule')),
        ruleId: Type.Optional(text()),
        reason: Type.Optional(text()),
      }),
      summary: 'paused sequence {sequenceName??sequenceId}[[: {reason}]]',
    },
  },
  tabs: [],
  icon: 'pause',
  deepLink: 'sequence/{sequenceId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['human', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'system', id: 'sequence-engine' },
      payload: { sequenceId: 'seq_123', sequenceName: 'Welcome', by: 'rule', ruleId: 'rule-8', reason: 'meeting booked' },
    },
  ],
});
