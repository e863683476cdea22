import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { text } from '../payload-fields.js';

export const leadStageChanged = defineEvent({
  type: 'lead.stage_changed',
  aliases: ['lead_stage_changed'],
  activityName: 'lead_stage_changed',
  topic: 'crm.lead',
  when: 'PUT /crm/leads/detail/:id moves the pipeline stage',
  primary: ['lead'],
  references: [{ type: 'contact' }, { type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        fromStage: text(),
        toStage: text(),
        pipelineId: Type.Optional(text()),
      }),
      summary: 'moved from {fromStage} to {toStage}',
    },
  },
  tabs: [],
  icon: 'arrow-right',
  deepLink: 'lead/{leadId}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['human', 'agent', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'lead', id: 'lead-xyz' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { fromStage: 'Contacted', toStage: 'Demo booked', pipelineId: 'pipe-2' },
    },
  ],
});
