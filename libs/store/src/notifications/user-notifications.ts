import type { TenantClient } from '../connect/in-tenant.js';

export interface StoredNotification {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly reason: string;
  readonly position: bigint;
  readonly eventId: string;
  readonly createdAt: Date;
  /** Null: unread. */
  readonly readAt: Date | null;
}

export interface NotificationsWanted {
  readonly recipient: string;
  readonly limit: number;
  readonly unreadOnly: boolean;
  /** Where the page before ended. */
  readonly after?: { readonly position: bigint; readonly id: string } | undefined;
}

/** Inside `inTenant`: a user's notifications, that of the newest event first. */
export async function listNotifications(client: TenantClient, wanted: NotificationsWanted): Promise<StoredNotification[]> {
  const { recipient, limit, unreadOnly, after } = wanted;
  const { rows } = await client.query<Row>(
    `select id, rule_id, rule_version, reason, position, event_id, created_at, read_at from annals_app.notifications
     where recipient = $1 and ($3::bigint is null or (position, id) < ($3, $4::uuid)) ${unreadOnly ? 'and read_at is null' : ''}
     order by position desc, id desc limit $2`,
    [recipient, limit, after && String(after.position), after?.id],
  );
  return rows.map(toNotification);
}

/** Inside `inTenant`: how many a user has not read; counts no further than 10,000. */
export async function countUnread(client: TenantClient, recipient: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'select count(*) from (select from annals_app.notifications where recipient = $1 and read_at is null limit 10000) unread',
    [recipient],
  );
  return Number(rows[0]?.count);
}

/** Inside `inTenant`: marks one of the user's own; false: there is none such. Repeating it changes nothing. */
export async function markNotification(client: TenantClient, recipient: string, id: string, read: boolean): Promise<boolean> {
  const { rowCount } = await client.query(
    `update annals_app.notifications set read_at = ${read ? 'coalesce(read_at, now())' : 'null'} where id = $1 and recipient = $2`,
    [id, recipient],
  );
  return rowCount === 1;
}

/** Inside `inTenant`: marks what stands now, up to a position if one is given; answers how many were unread. */
export async function markAllRead(client: TenantClient, recipient: string, upto?: bigint): Promise<number> {
  const { rowCount } = await client.query(
    'update annals_app.notifications set read_at = now() where recipient = $1 and read_at is null and ($2::bigint is null or position <= $2)',
    [recipient, upto === undefined ? null : String(upto)],
  );
  return rowCount ?? 0;
}

interface Row {
  readonly id: string;
  readonly rule_id: string;
  readonly rule_version: number;
  readonly reason: string;
  readonly position: string;
  readonly event_id: string;
  readonly created_at: Date;
  readonly read_at: Date | null;
}

const toNotification = (row: Row): StoredNotification => ({
  id: row.id,
  ruleId: row.rule_id,
  ruleVersion: row.rule_version,
  reason: row.reason,
  position: BigInt(row.position),
  eventId: row.event_id,
  createdAt: row.created_at,
  readAt: row.read_at,
});
