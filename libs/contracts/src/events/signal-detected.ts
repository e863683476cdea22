import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { text, url } from '../payload-fields.js';

export const signalDetected = defineEvent({
  type: 'signal.detected',
  aliases: ['signal_detected'],
  activityName: 'signal_detected',
  topic: 'crm.signal',
  when: 'an intent or buying signal fires',
  primary: ['account', ...CUSTOMERS],
  references: [{ type: 'account' }, { type: 'contact' }],
  versions: {
    1: {
      payload: Type.Object({
        signalType: text(),
        strength: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
        source: Type.Optional(text()),
        description: Type.Optional(text()),
        url: Type.Optional(url()),
      }),
      summary: 'signal detected: {signalType}',
    },
  },
  tabs: ['signals'],
  icon: 'radar',
  deepLink: '{primary}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'account', id: 'acc-1' },
        { type: 'contact', id: 'contact-abc' },
      ],
      actor: { type: 'system', id: 'signal-engine' },
      payload: {
        signalType: 'pricing_page_surge',
        strength: 0.82,
        source: 'web',
        description: 'Five visits to the pricing page in a day.',
        url: 'https://example.com/pricing',
      },
    },
  ],
});
