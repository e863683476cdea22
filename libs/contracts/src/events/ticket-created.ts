import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { personal, text } from '../payload-fields.js';

export const ticketCreated = defineEvent({
  type: 'ticket.created',
  aliases: ['ticket_created'],
  activityName: 'ticket_created',
  topic: 'crm.ticket',
  when: 'POST /crm/tickets/create',
  primary: ['ticket'],
  references: [{ type: 'contact' }, { type: 'lead' }, { type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        subject: personal(text()),
        priority: Type.Optional(text()),
        channel: Type.Optional(text()),
      }),
      summary: 'opened ticket “{subject}”',
    },
  },
  tabs: [],
  icon: 'ticket',
  deepLink: 'ticket/{ticketId}',
  scoreFeed: true,
  visibility: 'customer',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'ticket', id: 'ticket-5' },
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'system', id: 'ticketing' },
      payload: { subject: 'Cannot log in', priority: 'high', channel: 'email' },
    },
  ],
});
