import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { flag, personal, text } from '../payload-fields.js';

export const emailClicked = defineEvent({
  type: 'email.clicked',
  aliases: ['email_clicked'],
  activityName: 'email_clicked',
  topic: 'crm.email',
  when: 'tracking redirect / email webhook',
  primary: CUSTOMERS,
  standIn: ['email_thread'],
  references: [{ type: 'account' }, { type: 'campaign' }, { type: 'email_thread' }],
  versions: {
    1: {
      payload: Type.Object({
        messageId: text(),
        url: personal(text()),
        emailSubject: Type.Optional(personal(text())),
        machine: Type.Optional(flag()),
        userAgent: Type.Optional(personal(text())),
        ip: Type.Optional(personal(text())),
      }),
      summary: 'clicked {url|host} in email[[ “{emailSubject}”]][[?machine: (automated)]]',
    },
  },
  tabs: ['email'],
  icon: 'mouse-click',
  deepLink: 'email_thread/{threadId??messageId}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: { fields: ['messageId', 'url'], windowMinutes: 1440 },
  examples: [
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'system', id: 'email-webhook' },
      payload: { messageId: 'msg_abc123', url: 'https://example.com/pricing?x=1', emailSubject: 'Following up on your inquiry' },
    },
  ],
});
