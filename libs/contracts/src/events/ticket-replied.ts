import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { oneOf, personal, text } from '../payload-fields.js';

export const ticketReplied = defineEvent({
  type: 'ticket.replied',
  aliases: ['ticket_replied'],
  activityName: 'ticket_replied',
  topic: 'crm.ticket',
  when: 'POST /crm/tickets/reply/:ticketId',
  primary: ['ticket'],
  references: [{ type: 'contact' }, { type: 'lead' }, { type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        direction: Type.Optional(oneOf('inbound', 'outbound')),
        subject: Type.Optional(personal(text())),
        snippet: Type.Optional(personal(text())),
      }),
      summary: 'replied on ticket[[ “{subject}”]]',
    },
  },
  tabs: [],
  icon: 'message',
  deepLink: 'ticket/{ticketId}',
  scoreFeed: true,
  visibility: 'customer',
  defaultActor: ['human', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'ticket', id: 'ticket-5' },
        { type: 'contact', id: 'contact-abc' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { direction: 'outbound', subject: 'Cannot log in', snippet: 'We have reset your password.' },
    },
  ],
});
