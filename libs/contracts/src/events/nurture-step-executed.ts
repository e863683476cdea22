import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { oneOf, text } from '../payload-fields.js';

export const nurtureStepExecuted = defineEvent({
  type: 'nurture.step_executed',
  aliases: ['nurture_step_executed', 'sequence.step_sent', 'sequence_step_sent', 'sequence.step_executed'],
  activityName: 'nurture_step_executed',
  topic: 'crm.nurture',
  when: 'a step runs: email, task or call reminder',
  primary: ['lead', 'contact'],
  references: [{ type: 'contact' }, { type: 'account' }, { type: 'sequence' }],
  versions: {
    1: {
      payload: Type.Object({
        sequenceId: text(),
        stepId: text(),
        channel: oneOf('email', 'task', 'call'),
        templateId: Type.Optional(text()),
        deliveryStatus: Type.Optional(text()),
      }),
      summary: 'ran {channel} step {stepId}[[: {deliveryStatus}]]',
    },
  },
  tabs: [],
  icon: 'play',
  deepLink: 'sequence/{sequenceId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'lead', id: 'lead-xyz' },
        { type: 'sequence', id: 'seq_123' },
      ],
      actor: { type: 'system', id: 'sequence-engine' },
      payload: { sequenceId: 'seq_123', stepId: 'step_2', channel: 'email', templateId: 'tmpl_followup_2', deliveryStatus: 'sent' },
    },
  ],
});
