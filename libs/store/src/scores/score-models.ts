import type { ScoreModel } from '#libs/scores';
import type { TenantClient } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';

/** A model as it was saved. */
export interface SavedModel {
  readonly version: number;
  /** Null: the default; a type of the tenant changed its weight. */
  readonly model: ScoreModel | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** A version that has its place in the log. */
export interface BegunModel {
  readonly version: number;
  readonly fromPosition: bigint;
  /** Null: the default. */
  readonly model: ScoreModel | null;
  /** Of the tenant's own types those that changed their weight since they were registered; null: they have none. */
  readonly typeWeights: Readonly<Record<string, number | null>>;
}

interface Row {
  readonly version: number;
  readonly model: ScoreModel | null;
  readonly type_weights: BegunModel['typeWeights'];
  readonly from_position: string | null;
  readonly created_by: string;
  readonly created_at: Date;
}

/**
 * Gives every model that the engine has not seen yet its place in the log: the head as it is now. Whatever may have been scored already lies at or
 * before it, so that doing this work again finds the same models in force.
 */
export async function beginModels({ pool }: Database): Promise<void> {
  await pool.query(
    `update annals_app.score_models m
     set from_position = coalesce((select h.position from annals.heads h where h.tenant_id = m.tenant_id), 0) where m.from_position is null`,
  );
}

/** The models of a tenant that have begun. */
export async function begunModels({ pool }: Database, tenantId: string): Promise<BegunModel[]> {
  const { rows } = await pool.query<Row>(
    'select version, model, type_weights, from_position from annals_app.score_models where tenant_id = $1 and from_position is not null',
    [tenantId],
  );
  return rows.map(({ version, model, type_weights: typeWeights, from_position: from }) => {
    return { version, model, typeWeights, fromPosition: BigInt(from ?? 0) };
  });
}

/** The newest model of the tenant of the transaction; null: it has the default. */
export async function newestModel(client: TenantClient): Promise<SavedModel | null> {
  const { rows } = await client.query<Row>(
    'select version, model, created_by, created_at from annals_app.score_models order by version desc limit 1',
  );
  return rows[0] ? saved(rows[0]) : null;
}

/** Saves a model as the next version of the tenant of the transaction; one that equals the newest stays that version. */
export async function saveModel(client: TenantClient, tenantId: string, model: ScoreModel, by: string): Promise<SavedModel> {
  await saveAlone(client, tenantId);
  const { rows } = await client.query<Row>(
    `with newest as (select * from annals_app.score_models where tenant_id = $1 order by version desc limit 1),
     added as (
       insert into annals_app.score_models (tenant_id, version, model, type_weights, created_by)
       select $1, coalesce((select version from newest), 0) + 1, $2, coalesce((select type_weights from newest), '{}'), $3
       where not exists (select from newest where model = $2::jsonb)
       returning *)
     select version, model, created_by, created_at from added
     union all select version, model, created_by, created_at from newest order by version desc limit 1`,
    [tenantId, JSON.stringify(model), by],
  );
  return saved(rows[0] as Row);
}

/**
 * A new version of a type changes what its events are worth: that is the next version of the model, which takes its place in the log like any
 * other. `null`: nothing. In the transaction that registers it.
 */
export async function saveTypeWeight(
  client: TenantClient,
  tenantId: string,
  type: string,
  weight: number | null,
  by: string,
): Promise<void> {
  await saveAlone(client, tenantId);
  await client.query(
    `insert into annals_app.score_models (tenant_id, version, model, type_weights, created_by)
     select $1, coalesce(n.version, 0) + 1, n.model, coalesce(n.type_weights, '{}') || $2::jsonb, $3
     from (select 1) one left join (select * from annals_app.score_models where tenant_id = $1 order by version desc limit 1) n on true`,
    [tenantId, JSON.stringify({ [type]: weight }), by],
  );
}

/** Two who save at once: one after the other. */
async function saveAlone(client: TenantClient, tenantId: string): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('annals score model ' || $1, 0))`, [tenantId]);
}

function saved({ version, model, created_by: createdBy, created_at: createdAt }: Row): SavedModel {
  return { version, model, createdBy, createdAt };
}
