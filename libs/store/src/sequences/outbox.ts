import type { EventRecord } from '#libs/contracts';
import type { TenantClient } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';

export interface OutgoingRecord {
  /** Decimal. */
  readonly id: string;
  readonly record: EventRecord;
}

/** Keeps records for the relay, in this order, in the transaction that makes them true. Their key is the tenant. */
export async function keepRecords(client: TenantClient, records: readonly EventRecord[]): Promise<void> {
  if (records.length === 0) return;
  await client.query({
    name: 'annals.keep_sequence_records',
    text: `insert into annals_app.sequence_outbox (tenant_id, record)
           select tenant_id, record from unnest($1::uuid[], $2::text[]) with ordinality g (tenant_id, record, nth) order by nth`,
    values: [records.map(({ key }) => key), records.map((record) => JSON.stringify(record))],
  });
}

/** The oldest records. Publish them in this order, then `forgetRecords`: at least once, and the log has them once. */
export async function takeRecords({ pool }: Database, limit: number): Promise<OutgoingRecord[]> {
  const { rows } = await pool.query<{ id: string; record: string }>(
    'select id, record from annals_app.sequence_outbox order by id limit $1',
    [limit],
  );
  return rows.map(({ id, record }) => ({ id, record: JSON.parse(record) as EventRecord }));
}

export async function forgetRecords({ pool }: Database, records: readonly OutgoingRecord[]): Promise<void> {
  await pool.query('delete from annals_app.sequence_outbox where id = any ($1::bigint[])', [records.map(({ id }) => id)]);
}
