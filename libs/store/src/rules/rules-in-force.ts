import type { TenantClient } from '../connect/in-tenant.js';
import { spanColumns, type Span } from './take-spans.js';

/** A version of a rule and the part of the log it applies to. */
export interface RuleInForce {
  readonly tenantId: string;
  readonly ruleId: string;
  readonly version: number;
  /** Exclusive. */
  readonly from: bigint;
  /** Inclusive; null: it still applies. */
  readonly to: bigint | null;
}

/** The enabled versions that apply anywhere in the spans. What they say is asked apart: it never changes. */
export async function rulesInForce(client: TenantClient, spans: readonly Span[]): Promise<RuleInForce[]> {
  const { rows } = await client.query<{
    tenant_id: string;
    rule_id: string;
    version: number;
    from_position: string;
    to_position: string | null;
  }>(
    `select v.tenant_id, v.rule_id, v.version, v.from_position, v.to_position
     from unnest($1::uuid[], $2::bigint[], $3::bigint[]) s (tenant_id, after, upto)
     join annals_app.rule_versions v on v.tenant_id = s.tenant_id
     where v.enabled and v.from_position < s.upto and (v.to_position is null or v.to_position > s.after)
     order by v.tenant_id, v.rule_id, v.version`,
    spanColumns(spans),
  );
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    ruleId: row.rule_id,
    version: row.version,
    from: BigInt(row.from_position),
    to: row.to_position === null ? null : BigInt(row.to_position),
  }));
}

/** The rules as JSON text, in the order asked for. */
export async function ruleDefinitions(
  client: TenantClient,
  versions: readonly Pick<RuleInForce, 'tenantId' | 'ruleId' | 'version'>[],
): Promise<string[]> {
  const { rows } = await client.query<{ definition: string }>(
    `select v.definition from unnest($1::uuid[], $2::uuid[], $3::int[]) with ordinality w (tenant_id, rule_id, version, nth)
     join annals_app.rule_versions v using (tenant_id, rule_id, version) order by w.nth`,
    [versions.map(({ tenantId }) => tenantId), versions.map(({ ruleId }) => ruleId), versions.map(({ version }) => version)],
  );
  return rows.map(({ definition }) => definition);
}
