import type { TenantClient } from '../connect/in-tenant.js';
import type { TimelineName } from '../read/types.js';

const REF = `case when $2::text is null then '00000000-0000-0000-0000-000000000000' else annals.ref($2, $3) end`;

const valuesOf = (userId: string, timeline: TimelineName): unknown[] =>
  timeline.kind === 'entity' ? [userId, timeline.type, timeline.id] : [userId, null, null];

/** Up to which position the user has seen the timeline; 0: never. Inside `inTenant`. */
export async function seenMark(client: TenantClient, userId: string, timeline: TimelineName): Promise<bigint> {
  const { rows } = await client.query<{ position: string }>(
    `select position from annals_app.seen_marks where tenant_id = annals.current_tenant() and user_id = $1 and ref = ${REF}`,
    valuesOf(userId, timeline),
  );
  return BigInt(rows[0]?.position ?? 0);
}

/** Moves the mark forward, never back, and answers where it stands then. Inside `inTenant`. */
export async function moveSeenMark(client: TenantClient, userId: string, timeline: TimelineName, position: bigint): Promise<bigint> {
  const { rows } = await client.query<{ position: string }>(
    `insert into annals_app.seen_marks as m (tenant_id, user_id, ref, position) values (annals.current_tenant(), $1, ${REF}, $4)
     on conflict (tenant_id, user_id, ref) do update
       set position = greatest(m.position, excluded.position),
           updated_at = case when excluded.position > m.position then now() else m.updated_at end
     returning position`,
    [...valuesOf(userId, timeline), position],
  );
  return BigInt(rows[0]?.position ?? 0);
}
