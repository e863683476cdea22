import type { Database } from './open-database.js';
import type { TenantClient } from './in-tenant.js';

/**
 * Runs `work` in one transaction of a role that works for all tenants. Commits when it resolves, rolls back when it rejects. Commits do not
 * wait for the disk: use it where a crash of the server loses the checkpoint together with what was written, so that it is done again.
 * `durable`: they do, because something follows outside of the database.
 */
export async function inTransaction<T>({ pool }: Database, work: (client: TenantClient) => Promise<T>, durable = false): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(durable ? 'begin' : 'begin; set local synchronous_commit = off');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // the connection is given up, and its transaction with it
    client.release(true);
    throw error;
  }
}
