import type { TenantClient } from '../connect/in-tenant.js';

/** Checkpoint of what sequences and playbooks have heard. */
export const SEQUENCES_CONSUMER = 'sequences';

/** Until the end of the transaction nobody else follows the log for sequences, also one who still takes himself for the leader. */
export async function followAlone(client: TenantClient): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('annals ${SEQUENCES_CONSUMER} follow', 0))`);
}
