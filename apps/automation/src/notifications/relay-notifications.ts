import type { OutgoingMessage } from '#libs/bus';
import {
  deepLinkOf,
  formatTime,
  notificationCreated,
  NOTIFICATIONS_TOPIC,
  STRUCTURED_CONTENT_TYPE,
  summaryOf,
  type EntityRef,
  type TypeRegistry,
} from '#libs/contracts';
import {
  markNotificationsRelayed,
  orOutage,
  unrelayedNotifications,
  type Database,
  type FailingTenants,
  type LedJob,
  type UnrelayedNotification,
} from '#libs/store';
import type { Publisher } from '../automation-parts.js';

const AT_ONCE = 500;
const NAME = 'relay-notifications';

export interface NotificationRelayParts {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly types: TypeRegistry;
  readonly failing: FailingTenants;
}

/** Publishes what has been decided, at least once, under an id that tells a repetition. The rows are what counts: a missing topic only delays. */
export function notificationRelay(parts: NotificationRelayParts): LedJob {
  const { database, publisher, failing } = parts;
  return {
    name: NAME,
    // nothing tells of notifications: appends wake it, and then it looks again shortly
    idleMs: 500,
    async act() {
      const waiting = await unrelayedNotifications(database, AT_ONCE, failing.waiting(NAME));
      const made = await messagesOf(waiting, parts);
      if (made.length === 0) return false;
      const messages = made.map(({ message }) => message);
      await orOutage(publisher.publish(NOTIFICATIONS_TOPIC, messages));
      await markNotificationsRelayed(
        database,
        made.map(({ notification }) => notification),
      );
      return true;
    },
  };
}

/** Of all tenants but those whose cannot be made. */
async function messagesOf(waiting: readonly UnrelayedNotification[], { types, failing }: NotificationRelayParts) {
  const all = [];
  for (const tenantId of new Set(waiting.map((notification) => notification.tenantId))) {
    const own = waiting.filter((notification) => notification.tenantId === tenantId);
    const work = () => Promise.resolve(own.map((notification) => ({ notification, message: messageOf(notification, types) })));
    all.push(...((await failing.attempt(NAME, tenantId, work)) ?? []));
  }
  return all;
}

function messageOf(stored: UnrelayedNotification, types: TypeRegistry): OutgoingMessage {
  const entities = JSON.parse(stored.entities) as EntityRef[];
  const notification = { ...stored, entities };
  const { tenantId, type, retracted, createdAt, occurredAt } = notification;
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
