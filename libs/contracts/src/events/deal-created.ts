import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { currency, decimal, text } from '../payload-fields.js';

export const dealCreated = defineEvent({
  type: 'deal.created',
  aliases: ['deal_created', 'deal.added', 'opportunity.created'],
  activityName: 'deal_created',
  topic: 'crm.deal',
  when: 'an opportunity is opened',
  primary: ['deal'],
  references: [{ type: 'account' }, { type: 'contact' }],
  versions: {
    1: {
      payload: Type.Object({
        dealName: Type.Optional(text()),
        stage: Type.Optional(text()),
        amount: Type.Optional(decimal()),
        currency: Type.Optional(currency()),
      }),
      summary: 'opened deal[[ {dealName}]][[ at {amount|money}]]',
    },
  },
  tabs: [],
  icon: 'briefcase',
  deepLink: 'deal/{dealId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['human'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'deal', id: 'deal-9' },
        { type: 'account', id: 'acc-1' },
        { type: 'contact', id: 'contact-abc' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { dealName: 'Acme renewal', stage: 'Proposal', amount: '12500.00', currency: 'USD' },
    },
  ],
});
