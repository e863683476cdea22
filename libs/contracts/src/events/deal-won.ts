import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { currency, decimal, text } from '../payload-fields.js';

export const dealWon = defineEvent({
  type: 'deal.won',
  aliases: ['deal_won', 'opportunity.won'],
  activityName: 'deal_won',
  topic: 'crm.deal',
  when: 'an opportunity closes as won',
  primary: ['deal'],
  references: [{ type: 'account' }, { type: 'contact' }],
  versions: {
    1: {
      payload: Type.Object({
        dealName: Type.Optional(text()),
        amount: Type.Optional(decimal()),
        currency: Type.Optional(currency()),
      }),
      summary: 'won deal[[ {dealName}]][[ for {amount|money}]]',
    },
  },
  tabs: [],
  icon: 'trophy',
  deepLink: 'deal/{dealId}',
  scoreFeed: true,
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
      payload: { dealName: 'Acme renewal', amount: '12500.00', currency: 'USD' },
    },
  ],
});
