import type { ScoreModel, VersionedModel } from '#libs/scores';
import type { TenantClient } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';

/** A model as it was saved. */
export interface SavedModel {
  readonly version: number;
  readonly model: ScoreModel;
  readonly createdBy: string;
  readonly createdAt: Date;
}

interface Row {
  readonly version: number;
  readonly model: ScoreModel;
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
export async function begunModels({ pool }: Database, tenantId: string): Promise<VersionedModel[]> {
  const { rows } = await pool.query<Row>(
    'select version, model, from_position from annals_app.score_models where tenant_id = $1 and from_position is not null',
    [tenantId],
  );
  return rows.map(({ version, model, from_position: from }) => ({ ...model, version, fromPosition: BigInt(from ?? 0) }));
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
  // two who save at once: one after the other
  await client.query(`select pg_advisory_xact_lock(hashtextextended('annals score model ' || $1, 0))`, [tenantId]);
  const { rows } = await client.query<Row>(
    `with newest as (select * from annals_app.score_models where tenant_id = $1 order by version desc limit 1),
     added as (
       insert into annals_app.score_models (tenant_id, version, model, created_by)
       select $1, coalesce((select version from newest), 0) + 1, $2, $3 where not exists (select from newest where model = $2::jsonb)
       returning *)
     select version, model, created_by, created_at from added
     union all select version, model, created_by, created_at from newest order by version desc limit 1`,
    [tenantId, JSON.stringify(model), by],
  );
  return saved(rows[0] as Row);
}

function saved({ version, model, created_by: createdBy, created_at: createdAt }: Row): SavedModel {
  return { version, model, createdBy, createdAt };
}
