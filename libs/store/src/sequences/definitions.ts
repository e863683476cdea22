import type { TenantClient } from '../connect/in-tenant.js';
import { spanColumns, type Span } from '../rules/take-spans.js';
import { rulesLock } from '../rules/rules-lock.js';

/** The table. */
export type DefinitionKind = 'sequences' | 'playbooks';

/** A version of a sequence or a playbook. */
export interface StoredDefinition {
  readonly id: string;
  readonly version: number;
  /** As libs/sequences accepted it, JSON. */
  readonly definition: string;
  /** It starts on events behind this position. */
  readonly fromPosition: bigint;
  readonly createdBy: string;
  readonly createdAt: Date;
}

export interface DefinitionSaving {
  readonly tenantId: string;
  readonly id: string;
  readonly definition: string;
  /** Types it has to hear of. */
  readonly types: readonly string[];
  readonly by: string;
  /** Asked for while nothing is evaluated: position of the tenant's newest event. */
  readonly head: () => Promise<bigint>;
}

export type DefinitionSaved =
  /** `isNew`: a new version; otherwise the newest was the same. */
  { readonly outcome: 'saved'; readonly stored: StoredDefinition; readonly isNew: boolean } | { readonly outcome: 'too many' };

/** Of one kind and tenant. */
export const MOST_DEFINITIONS = 500;

interface Row {
  readonly id: string;
  readonly version: number;
  readonly definition: string;
  readonly from_position: string;
  readonly created_by: string;
  readonly created_at: Date;
}

const NEWEST = (kind: DefinitionKind): string =>
  `select distinct on (id) id, version, definition, from_position, created_by, created_at from annals_app.${kind}`;

/** Inside `inTenant`. The same definition again is no new version. */
export async function saveDefinition(client: TenantClient, kind: DefinitionKind, saving: DefinitionSaving): Promise<DefinitionSaved> {
  const { tenantId, id, definition, types, by, head } = saving;
  await client.query(`select pg_advisory_xact_lock(${rulesLock('$1::uuid')})`, [tenantId]);
  const before = await readDefinition(client, kind, id);
  if (before?.definition === definition) return { outcome: 'saved', stored: before, isNew: false };
  const { rows: counted } = await client.query<{ count: string }>(`select count(distinct id) from annals_app.${kind}`);
  if (before === null && Number(counted[0]?.count) >= MOST_DEFINITIONS) return { outcome: 'too many' };
  const { rows } = await client.query<Row>(
    `insert into annals_app.${kind} (tenant_id, id, version, definition, types, from_position, created_by)
     values ($1, $2, $3, $4, $5, $6, $7) returning id, version, definition, from_position, created_by, created_at`,
    [tenantId, id, (before?.version ?? 0) + 1, definition, types, String(await head()), by],
  );
  return { outcome: 'saved', stored: toStored(rows[0] as Row), isNew: true };
}

/** Inside `inTenant`: the newest version; null: there is none. */
export async function readDefinition(client: TenantClient, kind: DefinitionKind, id: string): Promise<StoredDefinition | null> {
  const { rows } = await client.query<Row>(`${NEWEST(kind)} where id = $1 order by id, version desc`, [id]);
  return rows[0] ? toStored(rows[0]) : null;
}

/** Inside `inTenant`: the newest versions by id, at most `limit` behind `after`. */
export async function listDefinitions(client: TenantClient, kind: DefinitionKind, limit: number, after = ''): Promise<StoredDefinition[]> {
  const { rows } = await client.query<Row>(
    `${NEWEST(kind)} where id collate "C" > $2 collate "C" order by id collate "C", version desc limit $1`.replace(
      'distinct on (id)',
      'distinct on (id collate "C")',
    ),
    [limit, after],
  );
  return rows.map(toStored);
}

/** A version and the part of the log that it starts on. */
export interface DefinitionInForce {
  readonly tenantId: string;
  readonly id: string;
  readonly version: number;
  readonly definition: string;
  /** Exclusive. */
  readonly from: bigint;
  /** Inclusive; null: it still starts. */
  readonly to: bigint | null;
}

/** The versions that start on anything in the spans. Needs a role that works for all tenants. */
export async function definitionsInForce(client: TenantClient, kind: DefinitionKind, spans: readonly Span[]): Promise<DefinitionInForce[]> {
  const { rows } = await client.query<{
    tenant_id: string;
    id: string;
    version: number;
    definition: string;
    from_position: string;
    to_position: string | null;
  }>(
    `select d.* from unnest($1::uuid[], $2::bigint[], $3::bigint[]) s (tenant_id, after, upto)
     join (select *, lead(from_position) over (partition by tenant_id, id order by version) as to_position
           from annals_app.${kind} where tenant_id = any ($1::uuid[])) d on d.tenant_id = s.tenant_id
     where d.from_position < s.upto and (d.to_position is null or d.to_position > s.after)
     order by d.tenant_id, d.id, d.version`,
    spanColumns(spans),
  );
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    id: row.id,
    version: row.version,
    definition: row.definition,
    from: BigInt(row.from_position),
    to: row.to_position === null ? null : BigInt(row.to_position),
  }));
}

export interface SequenceVersion {
  readonly tenantId: string;
  readonly sequenceId: string;
  readonly version: number;
}

/** What versions of sequences say, in the order asked for. */
export async function sequenceDefinitions(client: TenantClient, versions: readonly SequenceVersion[]): Promise<string[]> {
  const { rows } = await client.query<{ definition: string }>(
    `select s.definition from unnest($1::uuid[], $2::text[], $3::int[]) with ordinality w (tenant_id, id, version, nth)
     join annals_app.sequences s using (tenant_id, id, version) order by w.nth`,
    [versions.map(({ tenantId }) => tenantId), versions.map(({ sequenceId }) => sequenceId), versions.map(({ version }) => version)],
  );
  return rows.map(({ definition }) => definition);
}

/** Every type that a sequence or playbook of these tenants has to hear of. */
export async function typesToHear(client: TenantClient, tenantIds: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ type: string }>(
    `select unnest(types) as type from annals_app.sequences where tenant_id = any ($1)
     union select unnest(types) from annals_app.playbooks where tenant_id = any ($1)`,
    [tenantIds],
  );
  return rows.map(({ type }) => type);
}

function toStored(row: Row): StoredDefinition {
  return {
    id: row.id,
    version: row.version,
    definition: row.definition,
    fromPosition: BigInt(row.from_position),
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
