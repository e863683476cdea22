import type { TenantClient } from '../connect/in-tenant.js';

/** A rule with its newest version. */
export interface StoredRule {
  readonly id: string;
  readonly version: number;
  readonly enabled: boolean;
  /** As libs/rules accepted it, JSON. */
  readonly definition: string;
  /** It applies to events behind this position. */
  readonly fromPosition: bigint;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** Of the newest version. */
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

interface Row {
  readonly id: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly definition: string;
  readonly from_position: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_by: string;
  readonly updated_at: Date;
}

const SELECT = `
  select r.id, r.version, v.enabled, v.definition, v.from_position, r.created_by, r.created_at, v.created_by as updated_by, v.created_at as updated_at
  from annals_app.rules r join annals_app.rule_versions v on v.tenant_id = r.tenant_id and v.rule_id = r.id and v.version = r.version`;

/** Inside `inTenant`. Null: unknown, or deleted. */
export async function readRule(client: TenantClient, id: string): Promise<StoredRule | null> {
  const { rows } = await client.query<Row>(`${SELECT} where r.id = $1 and r.deleted_at is null`, [id]);
  return rows[0] ? toRule(rows[0]) : null;
}

/** Inside `inTenant`: the tenant's rules by id, at most `limit` behind `after`. */
export async function listRules(client: TenantClient, limit: number, after?: string): Promise<StoredRule[]> {
  const { rows } = await client.query<Row>(
    `${SELECT} where r.deleted_at is null and ($2::uuid is null or r.id > $2) order by r.id limit $1`,
    [limit, after],
  );
  return rows.map(toRule);
}

function toRule(row: Row): StoredRule {
  return {
    id: row.id,
    version: row.version,
    enabled: row.enabled,
    definition: row.definition,
    fromPosition: BigInt(row.from_position),
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
  };
}
