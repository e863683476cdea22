import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { personal, text, texts } from '../payload-fields.js';

export const emailSent = defineEvent({
  type: 'email.sent',
  aliases: ['email_sent'],
  activityName: 'email_sent',
  topic: 'crm.email',
  when: 'outbound email leaves: sequence engine step, broadcast send, or a person',
  primary: CUSTOMERS,
  standIn: ['email_thread'],
  references: [{ type: 'account' }, { type: 'deal' }, { type: 'campaign' }, { type: 'email_thread' }],
  versions: {
    1: {
      payload: Type.Object({
        messageId: text(),
        emailSubject: Type.Optional(personal(text())),
        threadId: Type.Optional(text()),
        templateId: Type.Optional(text()),
        campaignId: Type.Optional(text()),
        sequenceId: Type.Optional(text()),
        stepId: Type.Optional(text()),
        to: Type.Optional(personal(texts())),
      }),
      summary: 'sent email[[ “{emailSubject}”]]',
    },
  },
  tabs: ['email'],
  icon: 'mail',
  deepLink: 'email_thread/{threadId??messageId}',
  scoreFeed: false,
  visibility: 'customer',
  defaultActor: ['human', 'agent', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'lead', id: 'lead-xyz' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'system', id: 'sequence-engine' },
      payload: { emailSubject: 'Following up on your inquiry', messageId: 'msg_abc123' },
    },
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
        { type: 'email_thread', id: 'thread-7' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: {
        messageId: 'msg_7f3',
        emailSubject: 'Your quote',
        threadId: 'thread-7',
        templateId: 'tmpl_quote',
        to: ['sam@example.com'],
      },
    },
  ],
});
