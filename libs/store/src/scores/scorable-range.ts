import type { Database } from '../connect/open-database.js';
import type { Lag } from '../relay/checkpoints.js';

/**
 * Where the next batch of a tenant ends: at most `atOnce` events on, and before the first event of a custom type that this process has not
 * heard of yet (types are announced, and announcements take a moment). Equal to the checkpoint: nothing can be done now.
 */
export async function scorableTo(
  { pool }: Database,
  { tenantId, checkpoint, head }: Lag,
  atOnce: number,
  ownTypes: readonly string[],
): Promise<bigint> {
  const last = checkpoint + BigInt(atOnce);
  const { rows } = await pool.query<{ to: string }>(
    `select coalesce(min(position) - 1, $3) as "to" from annals.events
     where tenant_id = $1 and position > $2 and position <= $3 and type like 'custom.%' and not type = any ($4)`,
    [tenantId, String(checkpoint), String(head < last ? head : last), ownTypes],
  );
  return BigInt(rows[0]?.to ?? checkpoint);
}
