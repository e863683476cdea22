import type { TenantClient } from '../connect/in-tenant.js';
import type { Which } from '../relay/failing-tenants.js';
import { rulesLock } from './rules-lock.js';

/** Positions of one tenant, `after` exclusive, `upto` inclusive. */
export interface Span {
  readonly tenantId: string;
  readonly after: bigint;
  readonly upto: bigint;
}

/** A span that is evaluated; `began`: the log was as long when rules came to it, 0 for most tenants. */
export interface TakenSpan extends Span {
  readonly began: bigint;
}

const MOST_TENANTS = 200;

/**
 * What stands after a follower's checkpoints: at most `limit` positions, every lagging tenant an equal share, sorted by tenant. Until the end
 * of the transaction no rule of these tenants can be saved, so that one saved now applies behind them or is already seen. `which`: of
 * these tenants only; all, when left out.
 */
export async function takeSpans(client: TenantClient, consumer: string, limit: number, which: Which = {}): Promise<TakenSpan[]> {
  const { rows } = await client.query<{ tenant_id: string; after: string; upto: string; began: string }>(
    `with lagging as materialized (
       select h.tenant_id, coalesce(c.position, 0) as after, h.position as head, count(*) over () as tenants
       from annals.heads h left join annals.checkpoints c on c.consumer = $1 and c.tenant_id = h.tenant_id
       where h.position > coalesce(c.position, 0) and ($4::uuid is null or h.tenant_id = $4) and h.tenant_id <> all ($5::uuid[])
       order by h.appended_at limit $3::int)
     select tenant_id, after, coalesce(b.position, 0) as began, least(head, after + greatest(1, $2::int / least(tenants, $3::int))) as upto,
            pg_advisory_xact_lock_shared(${rulesLock('tenant_id')})
     from lagging left join annals_app.rules_began b using (tenant_id) order by tenant_id`,
    [consumer, limit, MOST_TENANTS, which.only ?? null, which.except ?? []],
  );
  return rows.map(({ tenant_id, after, upto, began }) => ({
    tenantId: tenant_id,
    after: BigInt(after),
    upto: BigInt(upto),
    began: BigInt(began),
  }));
}

/** Notes that a follower has done the spans. Never moves backwards. */
export async function endSpans(client: TenantClient, consumer: string, spans: readonly Span[]): Promise<void> {
  await client.query(
    `insert into annals.checkpoints as c (consumer, tenant_id, position)
     select $1, * from unnest($2::uuid[], $3::bigint[])
     on conflict (consumer, tenant_id) do update set position = excluded.position where c.position < excluded.position`,
    [consumer, spans.map(({ tenantId }) => tenantId), spans.map(({ upto }) => String(upto))],
  );
}

/** As parameters for unnest. */
export function spanColumns(spans: readonly Span[]): [string[], string[], string[]] {
  return [spans.map(({ tenantId }) => tenantId), spans.map(({ after }) => String(after)), spans.map(({ upto }) => String(upto))];
}
