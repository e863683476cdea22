import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { text, timeZone, timestamp } from '../payload-fields.js';

export const reservationBooked = defineEvent({
  type: 'reservation.booked',
  aliases: ['reservation_booked'],
  activityName: 'reservation_booked',
  topic: 'crm.commerce',
  when: 'POST /crm/reservations/create',
  primary: ['reservation'],
  references: [{ type: 'contact' }, { type: 'lead' }, { type: 'merchant' }],
  versions: {
    1: {
      payload: Type.Object({
        startsAt: timestamp(),
        endsAt: Type.Optional(timestamp()),
        resource: Type.Optional(text()),
        partySize: Type.Optional(Type.Integer()),
        timeZone: Type.Optional(timeZone()),
      }),
      summary: 'booked a reservation for {startsAt|utcMinute}',
    },
  },
  tabs: [],
  icon: 'calendar',
  deepLink: 'reservation/{reservationId}',
  scoreFeed: true,
  visibility: 'customer',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'reservation', id: 'res-12' },
        { type: 'contact', id: 'contact-abc' },
        { type: 'merchant', id: 'shop-2' },
      ],
      actor: { type: 'system', id: 'reservations' },
      payload: {
        startsAt: '2026-01-05T14:30:00Z',
        endsAt: '2026-01-05T16:00:00Z',
        resource: 'Table 4',
        partySize: 2,
        timeZone: 'Europe/Berlin',
      },
    },
  ],
});
