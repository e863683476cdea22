import type { Actor } from '#libs/contracts';
import type { Database } from '../connect/open-database.js';

/** A notification that nobody has been sent yet, with the event it is about. */
export interface UnrelayedNotification {
  readonly tenantId: string;
  readonly id: string;
  readonly recipient: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly reason: string;
  readonly createdAt: Date;
  readonly eventId: string;
  readonly position: bigint;
  readonly type: string;
  readonly version: number;
  /** JSON of the references, primary first. */
  readonly entities: string;
  readonly actor: Pick<Actor, 'type' | 'id'>;
  /** Microseconds since the Unix epoch. */
  readonly occurredAt: bigint;
  readonly summary: string | null;
  /** Canonical JSON; null after erasure. */
  readonly payload: string | null;
  /** Taken off the timelines meanwhile. */
  readonly retracted: boolean;
}

interface Row {
  readonly tenant_id: string;
  readonly id: string;
  readonly recipient: string;
  readonly rule_id: string;
  readonly rule_version: number;
  readonly reason: string;
  readonly created_at: Date;
  readonly event_id: string;
  readonly position: string;
  readonly type: string;
  readonly version: number;
  readonly entities: string;
  readonly actor_type: Actor['type'];
  readonly actor_id: string;
  readonly occurred: string;
  readonly summary: string | null;
  readonly payload: string | null;
  readonly retracted: boolean;
}

/** Those that have waited longest, but for these tenants. Publish, then `markNotificationsRelayed`: at least once. Needs the automation role. */
export async function unrelayedNotifications(
  { pool }: Database,
  limit: number,
  except: readonly string[] = [],
): Promise<UnrelayedNotification[]> {
  const { rows } = await pool.query<Row>(
    `select n.tenant_id, n.id, n.recipient, n.rule_id, n.rule_version, n.reason, n.created_at, n.event_id, n.position,
            e.type, e.version, e.entities, e.actor_type, e.actor_id, (extract(epoch from e.occurred_at) * 1000000)::bigint as occurred, e.summary, e.payload,
            exists (select from annals.retracted r where r.tenant_id = n.tenant_id and r.position = n.position) as retracted
     from (select * from annals_app.notifications where relayed_at is null and tenant_id <> all ($2::uuid[])
           order by created_at limit $1) n
     join annals.events e on e.tenant_id = n.tenant_id and e.position = n.position
     order by n.tenant_id, n.position`,
    [limit, except],
  );
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    id: row.id,
    recipient: row.recipient,
    ruleId: row.rule_id,
    ruleVersion: row.rule_version,
    reason: row.reason,
    createdAt: row.created_at,
    eventId: row.event_id,
    position: BigInt(row.position),
    type: row.type,
    version: row.version,
    entities: row.entities,
    actor: { type: row.actor_type, id: row.actor_id },
    occurredAt: BigInt(row.occurred),
    summary: row.summary,
    payload: row.payload,
    retracted: row.retracted,
  }));
}

export async function markNotificationsRelayed(
  { pool }: Database,
  sent: readonly Pick<UnrelayedNotification, 'tenantId' | 'id'>[],
): Promise<void> {
  await pool.query(
    `update annals_app.notifications n set relayed_at = now() from unnest($1::uuid[], $2::uuid[]) s (tenant_id, id)
     where n.tenant_id = s.tenant_id and n.id = s.id`,
    [sent.map(({ tenantId }) => tenantId), sent.map(({ id }) => id)],
  );
}
