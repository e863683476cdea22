import type pg from 'pg';
import type { Database } from './open-database.js';

/** What works inside a transaction may ask. */
export type TenantClient = Pick<pg.ClientBase, 'query'>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Runs `work` in one transaction that belongs to one tenant: row-level security lets it see and write no other's rows, and nothing of
 * the tenant is left on the connection. Commits when `work` resolves, rolls back when it rejects. `tenantId`: lower-case UUID.
 */
export async function inTenant<T>({ pool }: Database, tenantId: string, work: (client: TenantClient) => Promise<T>): Promise<T> {
  if (!UUID.test(tenantId)) throw new Error('a tenant is a lower-case UUID');
  const client = await pool.connect();
  try {
    // one round trip: the text is hex and our own
    await client.query(`begin; select set_config('annals.tenant', '${tenantId}', true)`);
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // whatever state the transaction is in, it ends; a connection that cannot roll back is given up
    const rolledBack = await client.query('rollback').then(
      () => true,
      () => false,
    );
    client.release(!rolledBack);
    throw error;
  }
}
