import type { OutgoingMessage } from '#libs/bus';
import {
  deepLinkOf,
  formatTime,
  notificationCreated,
  NOTIFICATIONS_TOPIC,
  STRUCTURED_CONTENT_TYPE,
  summaryOf,
  type TypeRegistry,
} from '#libs/contracts';
import { markNotificationsRelayed, unrelayedNotifications, type Database, type LedJob, type UnrelayedNotification } from '#libs/store';
import type { Publisher } from '../automation-parts.js';

const AT_ONCE = 500;

export interface NotificationRelayParts {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly types: TypeRegistry;
}

/** Publishes what has been decided, at least once, under an id that tells a repetition. The rows are what counts: a missing topic only delays. */
export function notificationRelay({ database, publisher, types }: NotificationRelayParts): LedJob {
  return {
    name: 'relay-notifications',
    // nothing tells of notifications: appends wake it, and then it looks again shortly
    idleMs: 500,
    async act() {
      const waiting = await unrelayedNotifications(database, AT_ONCE);
      if (waiting.length === 0) return false;
      await publisher.publish(
        NOTIFICATIONS_TOPIC,
        waiting.map((notification) => messageOf(notification, types)),
      );
      await markNotificationsRelayed(database, waiting);
      return true;
    },
  };
}

export function messageOf(notification: UnrelayedNotification, types: TypeRegistry): OutgoingMessage {
  const { tenantId, type, retracted, createdAt, occurredAt, entities } = notification;
  const definition = types.resolve(type, tenantId);
  const { id, recipient, ruleId, ruleVersion, reason, eventId, position } = notification;
  const value = notificationCreated({
    ...{ id, tenantId, recipient, ruleId, ruleVersion, reason, eventId, eventType: type, position },
    createdAt: createdAt.toISOString(),
    occurredAt: formatTime(occurredAt),
    entity: entities[0] ?? null,
    summary: retracted ? null : summaryOf(notification, definition),
    link: deepLinkOf(notification, definition),
  });
  return { key: tenantId, value, headers: { 'content-type': STRUCTURED_CONTENT_TYPE } };
}
