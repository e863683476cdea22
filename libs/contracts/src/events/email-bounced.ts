import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { oneOf, personal, text } from '../payload-fields.js';

export const emailBounced = defineEvent({
  type: 'email.bounced',
  aliases: ['email_bounced'],
  activityName: 'email_bounced',
  topic: 'crm.email',
  when: 'email webhook reports a bounce (named in the prose of 001)',
  primary: CUSTOMERS,
  standIn: ['email_thread'],
  references: [{ type: 'account' }, { type: 'email_thread' }],
  versions: {
    1: {
      payload: Type.Object({
        messageId: text(),
        bounceType: oneOf('hard', 'soft', 'block'),
        reason: Type.Optional(text()),
        emailSubject: Type.Optional(personal(text())),
      }),
      summary: 'email[[ “{emailSubject}”]] bounced ({bounceType})',
    },
  },
  tabs: ['email'],
  icon: 'mail-x',
  deepLink: 'email_thread/{threadId??messageId}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'system', id: 'email-webhook' },
      payload: {
        messageId: 'msg_abc124',
        bounceType: 'hard',
        reason: '550 5.1.1 mailbox unknown',
        emailSubject: 'Following up on your inquiry',
      },
    },
  ],
});
