import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { oneOf, text, timestamp } from '../payload-fields.js';

export const nurtureStepScheduled = defineEvent({
  type: 'nurture.step_scheduled',
  aliases: ['nurture_step_scheduled', 'sequence.step_scheduled'],
  activityName: 'nurture_step_scheduled',
  topic: 'crm.nurture',
  when: 'a step is queued for later',
  primary: ['lead', 'contact'],
  references: [{ type: 'contact' }, { type: 'account' }, { type: 'sequence' }],
  versions: {
    1: {
      payload: Type.Object({
        sequenceId: text(),
        stepId: text(),
        channel: Type.Optional(oneOf('email', 'task', 'call')),
        scheduledFor: Type.Optional(timestamp()),
      }),
      summary: 'scheduled {channel} step {stepId}',
    },
  },
  tabs: [],
  icon: 'clock',
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
      payload: { sequenceId: 'seq_123', stepId: 'step_3', channel: 'call', scheduledFor: '2026-01-08T09:00:00Z' },
    },
  ],
});
