import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { personal, text } from '../payload-fields.js';

export const emailReceived = defineEvent({
  type: 'email.received',
  aliases: ['email_received', 'email.replied', 'email_replied'],
  activityName: 'email_received',
  topic: 'crm.email',
  when: 'a reply or other inbound email arrives',
  primary: CUSTOMERS,
  standIn: ['email_thread'],
  references: [{ type: 'account' }, { type: 'deal' }, { type: 'email_thread' }],
  versions: {
    1: {
      payload: Type.Object({
        messageId: text(),
        inReplyTo: Type.Optional(text()),
        threadId: Type.Optional(text()),
        emailSubject: Type.Optional(personal(text())),
        snippet: Type.Optional(personal(text())),
      }),
      summary: '[[?inReplyTo:replied to]][[!inReplyTo:sent inbound]] email[[ “{emailSubject}”]]',
    },
  },
  tabs: ['email'],
  icon: 'mail-reply',
  deepLink: 'email_thread/{threadId??messageId}',
  scoreFeed: true,
  visibility: 'customer',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
        { type: 'email_thread', id: 'thread-7' },
      ],
      actor: { type: 'system', id: 'email-webhook' },
      payload: {
        messageId: 'msg_9aa',
        inReplyTo: 'msg_7f3',
        threadId: 'thread-7',
        emailSubject: 'Re: Your quote',
        snippet: 'Thanks, that works for us.',
      },
    },
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'system', id: 'email-webhook' },
      payload: { messageId: 'msg_9ab', emailSubject: 'Hello' },
    },
  ],
});
