import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { currency, decimal, text } from '../payload-fields.js';

export const dealLost = defineEvent({
  type: 'deal.lost',
  aliases: ['deal_lost', 'opportunity.lost'],
  activityName: 'deal_lost',
  topic: 'crm.deal',
  when: 'the other “opportunity outcome”',
  primary: ['deal'],
  references: [{ type: 'account' }, { type: 'contact' }],
  versions: {
    1: {
      payload: Type.Object({
        dealName: Type.Optional(text()),
        reason: Type.Optional(text()),
        amount: Type.Optional(decimal()),
        currency: Type.Optional(currency()),
      }),
      summary: 'lost deal[[ {dealName}]][[: {reason}]]',
    },
  },
  tabs: [],
  icon: 'x-circle',
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
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { dealName: 'Acme pilot', reason: 'chose a competitor', amount: '900.00', currency: 'EUR' },
    },
  ],
});
