import { countUnread, inTenant, listNotifications, type StoredNotification } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { malformed } from '../http/problem-exception.js';
import { eventBrief } from '../items/event-brief.js';
import type { QueryParts } from '../query-parts.js';
import type { NotificationAnswer, NotificationsAnswer, NotificationsQueryDto } from './notification.dto.js';

/** The caller's own notifications, with the sentences of their events as they read now. */
export async function notificationsPage(
  parts: QueryParts,
  principal: Principal,
  query: NotificationsQueryDto,
): Promise<NotificationsAnswer> {
  const { tenantId, userId: recipient } = principal;
  const { limit, unread: unreadOnly } = query;
  const binding = JSON.stringify(['notifications', tenantId, recipient]);
  const after = query.cursor === undefined ? undefined : placeOf(parts, query.cursor, binding);
  const { found, unread } = await inTenant(parts.app, tenantId, async (client) => ({
    found: await listNotifications(client, { recipient, limit: limit + 1, unreadOnly, after }),
    unread: await countUnread(client, recipient),
  }));
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  const next = last ? parts.sealed.seal(`${last.position} ${last.id}`, binding) : null;
  return { items: await describe(parts, tenantId, shown), next, unread };
}

function placeOf({ sealed }: QueryParts, cursor: string, binding: string): { position: bigint; id: string } {
  const [position, id] = sealed.open(cursor, binding)?.split(' ') ?? [];
  if (position === undefined || id === undefined) throw malformed('cursor', 'must be the `next` of an earlier page of your own');
  return { position: BigInt(position), id };
}

async function describe(
  { store, types }: QueryParts,
  tenantId: string,
  shown: readonly StoredNotification[],
): Promise<NotificationAnswer[]> {
  const positions = [...new Set(shown.map(({ position }) => String(position)))];
  const rows = new Map((await store.eventsAt(tenantId, positions)).map((row) => [row.position, row]));
  return shown.flatMap((notification) => {
    const row = rows.get(String(notification.position));
    return row ? [{ ...own(notification), ...eventBrief({ tenantId, types }, row) }] : [];
  });
}

function own({ id, ruleId, ruleVersion, reason, createdAt, readAt }: StoredNotification) {
  return {
    ...{ id, ruleId, ruleVersion, reason, createdAt: createdAt.toISOString() },
    ...{ read: readAt !== null, readAt: readAt?.toISOString() ?? null },
  };
}
