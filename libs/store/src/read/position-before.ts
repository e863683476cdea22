import type { TenantClient } from '../connect/in-tenant.js';
import { postgresTime } from './postgres-time.js';

/** The last position that was appended before the moment (microseconds since the Unix epoch); 0: none was. Inside `asStaff`. */
export async function positionBefore(client: TenantClient, tenantId: string, moment: bigint): Promise<bigint> {
  const { rows } = await client.query<{ position: string }>('select annals.position_before($1, $2) as position', [
    tenantId,
    postgresTime(moment),
  ]);
  return BigInt(rows[0]?.position ?? 0);
}
