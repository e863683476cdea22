import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { currency, decimal, text } from '../payload-fields.js';

export const dealStageChanged = defineEvent({
  type: 'deal.stage_changed',
  aliases: ['deal_stage_changed', 'opportunity.stage_changed'],
  activityName: 'deal_stage_changed',
  topic: 'crm.deal',
  when: 'an opportunity moves',
  primary: ['deal'],
  references: [{ type: 'account' }, { type: 'contact' }],
  versions: {
    1: {
      payload: Type.Object({
        fromStage: text(),
        toStage: text(),
        pipelineId: Type.Optional(text()),
        dealName: Type.Optional(text()),
        amount: Type.Optional(decimal()),
        currency: Type.Optional(currency()),
      }),
      summary: 'moved from {fromStage} to {toStage}',
    },
  },
  tabs: [],
  icon: 'arrow-right',
  deepLink: 'deal/{dealId}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['human', 'agent', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'deal', id: 'deal-9' },
        { type: 'account', id: 'acc-1' },
        { type: 'contact', id: 'contact-abc' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { fromStage: 'Proposal', toStage: 'Negotiation', amount: '12500.00', currency: 'USD' },
    },
    {
      entities: [{ type: 'deal', id: 'deal-9' }],
      actor: { type: 'agent', id: 'pipeline-keeper' },
      payload: { fromStage: 'Qualified', toStage: 'Proposal', pipelineId: 'pipe-1', dealName: 'Acme renewal' },
    },
  ],
});
