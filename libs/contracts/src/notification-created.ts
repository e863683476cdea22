import type { EntityRef } from './event.js';
import type { JsonSchema } from './generate/json-schemas.js';

/** What annals sends on annals.notifications; never taken as input, so it starts no rule. */
export const NOTIFICATION_CREATED = 'notification.created';

/** Somebody is to be told of an event. Times are RFC 3339. */
export interface NotificationCreated {
  /** The same for the same rule version, event and recipient: a repetition is known by it. */
  readonly id: string;
  readonly tenantId: string;
  readonly createdAt: string;
  /** The user. */
  readonly recipient: string;
  /** `mention`: the rule that every tenant has. */
  readonly ruleId: string;
  readonly ruleVersion: number;
  /** The rule's name. */
  readonly reason: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly position: bigint;
  readonly occurredAt: string;
  /** What the event is primarily about. */
  readonly entity: EntityRef | null;
  /** The event's sentence; `null` where it has been taken back meanwhile. */
  readonly summary: string | null;
  /** Deep link, `<record type>/<id>`. */
  readonly link: string | null;
}

/** A CloudEvent in structured mode, as JSON text. */
export function notificationCreated({ id, tenantId, createdAt, ...data }: NotificationCreated): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: '/annals/automation',
    type: NOTIFICATION_CREATED,
    subject: `user/${data.recipient}`,
    time: createdAt,
    datacontenttype: 'application/json',
    tenantid: tenantId,
    partitionkey: tenantId,
    data: { ...data, position: Number(data.position) },
  });
}

const TEXT = { type: 'string' };
const TIME = { type: 'string', format: 'date-time' };
const UUID = { type: 'string', format: 'uuid' };
const ENTITY = { type: ['object', 'null'], required: ['type', 'id'], properties: { type: TEXT, id: TEXT, role: TEXT } };

export const NOTIFICATION_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'tenantid', 'partitionkey', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { ...UUID, description: 'The same for the same rule version, event and recipient: drop what you have seen' },
    source: { const: '/annals/automation' },
    type: { const: NOTIFICATION_CREATED },
    subject: { type: 'string', pattern: '^user/.', description: 'The recipient' },
    time: TIME,
    datacontenttype: { const: 'application/json' },
    tenantid: UUID,
    partitionkey: UUID,
    data: {
      type: 'object',
      required: [
        'recipient',
        'ruleId',
        'ruleVersion',
        'reason',
        'eventId',
        'eventType',
        'position',
        'occurredAt',
        'entity',
        'summary',
        'link',
      ],
      properties: {
        recipient: { ...TEXT, description: 'User id' },
        ruleId: { ...TEXT, description: 'UUID of the rule, or mention' },
        ruleVersion: { type: 'integer', minimum: 1 },
        reason: { ...TEXT, description: "The rule's name" },
        eventId: UUID,
        eventType: TEXT,
        position: { type: 'integer', minimum: 1 },
        occurredAt: TIME,
        entity: { ...ENTITY, description: 'What the event is primarily about' },
        summary: { type: ['string', 'null'], description: "The event's sentence; null where the entry has been taken back" },
        link: { type: ['string', 'null'], description: 'Deep link' },
      },
    },
  },
};
