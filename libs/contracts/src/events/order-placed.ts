import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { currency, decimal, text } from '../payload-fields.js';

export const orderPlaced = defineEvent({
  type: 'order.placed',
  aliases: ['order_placed'],
  activityName: 'order_placed',
  topic: 'crm.commerce',
  when: 'storefront checkout',
  primary: ['order'],
  references: [{ type: 'contact' }, { type: 'lead' }, { type: 'merchant' }, { type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        orderNumber: Type.Optional(text()),
        total: decimal(),
        currency: currency(),
        itemCount: Type.Optional(Type.Integer()),
      }),
      summary: 'placed order[[ {orderNumber}]] for {total|money}',
    },
  },
  tabs: [],
  icon: 'shopping-cart',
  deepLink: 'order/{orderId}',
  scoreFeed: true,
  visibility: 'customer',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'order', id: 'order-1001' },
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'system', id: 'storefront' },
      payload: { orderNumber: '1001', total: '49.9', currency: 'EUR', itemCount: 3 },
    },
  ],
});
