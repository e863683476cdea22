import type { Database } from '../connect/open-database.js';
import type { TenantClient } from '../connect/in-tenant.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Runs `work` in one reading transaction of the query role that sees what staff of the tenant may see; nothing of it is left on the
 * connection. For what is not asked often: a page is one round trip, this takes three and more. `tenantId`: lower-case UUID.
 */
export async function asStaff<T>({ pool }: Database, tenantId: string, work: (client: TenantClient) => Promise<T>): Promise<T> {
  if (!UUID.test(tenantId)) throw new Error('a tenant is a lower-case UUID');
  const client = await pool.connect();
  try {
    // one round trip: the text is hex and our own
    await client.query(`begin read only; select annals.begin_read('${tenantId}', 'staff', null)`);
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
