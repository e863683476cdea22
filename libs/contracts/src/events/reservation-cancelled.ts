import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { text, timestamp } from '../payload-fields.js';

export const reservationCancelled = defineEvent({
  type: 'reservation.cancelled',
  aliases: ['reservation_cancelled', 'reservation.canceled', 'reservation_canceled'],
  activityName: 'reservation_cancelled',
  topic: 'crm.commerce',
  when: 'DELETE /crm/reservations/cancel/…',
  primary: ['reservation'],
  references: [{ type: 'contact' }, { type: 'lead' }, { type: 'merchant' }],
  versions: {
    1: {
      payload: Type.Object({
        reason: Type.Optional(text()),
        startsAt: Type.Optional(timestamp()),
      }),
      summary: 'cancelled a reservation[[ for {startsAt|utcMinute}]]',
    },
  },
  tabs: [],
  icon: 'calendar-x',
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
      ],
      actor: { type: 'system', id: 'reservations' },
      payload: { reason: 'guest fell ill', startsAt: '2026-01-05T15:30:00+01:00' },
    },
  ],
});
