import { Type } from '@sinclair/typebox';
import { ANY_RECORD } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { count, oneOf, personal, text } from '../payload-fields.js';

export const callCompleted = defineEvent({
  type: 'call.completed',
  aliases: ['call', 'call_logged', 'call.logged', 'call_completed'],
  activityName: 'call_logged',
  topic: 'crm.engagement',
  when: 'a call is logged by hand or by telephony',
  primary: ANY_RECORD,
  references: [{ type: 'account' }, { type: 'contact' }, { type: 'deal' }, { type: 'call' }],
  versions: {
    1: {
      payload: Type.Object({
        direction: Type.Optional(oneOf('inbound', 'outbound')),
        durationSeconds: Type.Optional(count()),
        phone: Type.Optional(personal(text())),
        outcome: Type.Optional(text()),
        text: Type.Optional(personal(text())),
        recordingUrl: Type.Optional(personal(text())),
      }),
      summary: 'logged a call[[, {durationSeconds|duration}]][[, outcome {outcome}]]',
    },
  },
  tabs: [],
  icon: 'phone',
  deepLink: 'call/{callId}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['human'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'contact', id: 'contact-abc' }],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { durationSeconds: 900, phone: '+15551234567', outcome: 'positive' },
      summary: '15min discovery call. Interested in enterprise plan.',
    },
    {
      entities: [
        { type: 'deal', id: 'deal-9' },
        { type: 'account', id: 'acc-1' },
        { type: 'contact', id: 'contact-abc' },
        { type: 'call', id: 'call-31' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { direction: 'outbound', durationSeconds: 65, outcome: 'voicemail', text: 'Left a message about the renewal.' },
    },
  ],
});
