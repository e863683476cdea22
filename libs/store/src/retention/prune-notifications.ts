import type { Database } from '../connect/open-database.js';

export interface NotificationAges {
  /** Days since one was read. */
  readonly readDays: number;
  /** Days since one was made, read or not. */
  readonly days: number;
}

/** Deletes up to `limit` notifications of an age, and as many that were read so long ago; none that waits for its topic. Answers how many. */
export async function pruneNotifications({ pool }: Database, { readDays, days }: NotificationAges, limit: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from annals_app.notifications where ctid = any (array(
       (select ctid from annals_app.notifications where relayed_at is not null and created_at < now() - make_interval(days => $1) limit $3)
       union all
       (select ctid from annals_app.notifications
        where relayed_at is not null and read_at is not null and read_at < now() - make_interval(days => $2) limit $3)))`,
    [days, readDays, limit],
  );
  return rowCount ?? 0;
}
