import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { flag, personal, text } from '../payload-fields.js';

export const emailOpened = defineEvent({
  type: 'email.opened',
  aliases: ['email_opened'],
  activityName: 'email_opened',
  topic: 'crm.email',
  when: 'tracking pixel / email webhook',
  primary: CUSTOMERS,
  standIn: ['email_thread'],
  references: [{ type: 'account' }, { type: 'campaign' }, { type: 'email_thread' }],
  versions: {
    1: {
      payload: Type.Object({
        messageId: text(),
        emailSubject: Type.Optional(personal(text())),
        machine: Type.Optional(flag()),
        openedVia: Type.Optional(text()),
        userAgent: Type.Optional(personal(text())),
        ip: Type.Optional(personal(text())),
      }),
      summary: 'opened email[[ “{emailSubject}”]][[?machine: (automated)]]',
    },
  },
  tabs: ['email'],
  icon: 'mail-open',
  deepLink: 'email_thread/{threadId??messageId}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: { fields: ['messageId'], apart: ['machine'], windowMinutes: 1440 },
  examples: [
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'system', id: 'system' },
      payload: { messageId: 'msg_abc123', emailSubject: 'Following up on your inquiry' },
    },
    {
      entities: [{ type: 'contact', id: 'contact-abc' }],
      actor: { type: 'system', id: 'email-webhook' },
      payload: { messageId: 'msg_7f3', machine: true, openedVia: 'proxy', userAgent: 'ImageProxy/1.0', ip: '192.0.2.10' },
    },
  ],
});
