import type { EntityRef } from '#libs/contracts';
import type { LeadState } from '#libs/scores';
import type { Database } from '../connect/open-database.js';
import type { LogPart } from './link-contacts.js';

/** Checkpoint of the scoring engine. */
export const SCORES_CONSUMER = 'scores';

interface Row {
  readonly lead_id: string;
  readonly position: string;
  readonly model_version: number;
  readonly newest: string | null;
  readonly points: Record<string, number>;
  readonly score: number | null;
  readonly band: string | null;
  readonly published_score: number;
  readonly published_band: string;
}

/** What is kept of these leads; one that never scored is not among them. */
export async function leadStates({ pool }: Database, tenantId: string, leadIds: readonly string[]): Promise<Map<string, LeadState>> {
  const { rows } = await pool.query<Row>(
    `select *, (extract(epoch from newest) * 1000000)::bigint as newest from annals_app.lead_scores where tenant_id = $1 and lead_id = any ($2)`,
    [tenantId, leadIds],
  );
  return new Map(rows.map((row) => [row.lead_id, stateOf(row)]));
}

function stateOf(row: Row): LeadState {
  return {
    position: BigInt(row.position),
    modelVersion: row.model_version,
    points: { newest: row.newest === null ? null : BigInt(row.newest), byType: row.points },
    score: row.score,
    band: row.band,
    publishedScore: row.published_score,
    publishedBand: row.published_band,
  };
}

/**
 * Keeps what the engine made of a part of the log and moves its checkpoint over it, in one statement. False: somebody else has moved it meanwhile,
 * and nothing was written.
 */
export async function saveScores({ pool }: Database, part: LogPart, states: ReadonlyMap<string, LeadState>): Promise<boolean> {
  const { rows } = await pool.query<{ moved: boolean }>(
    `with moved as (
       insert into annals.checkpoints as c (consumer, tenant_id, position) values ('${SCORES_CONSUMER}', $1, $3)
       on conflict (consumer, tenant_id) do update set position = excluded.position where c.position = $2 returning 1),
     saved as (
       insert into annals_app.lead_scores as s
         (tenant_id, lead_id, position, model_version, newest, points, score, band, published_score, published_band)
       select $1, lead_id, position, model_version, 'epoch'::timestamptz + newest * interval '1 microsecond', points, score, band,
              published_score, published_band
       from jsonb_to_recordset($4) as r (lead_id text, position bigint, model_version int, newest bigint, points jsonb, score int, band text,
                                         published_score int, published_band text)
       where exists (select from moved) order by lead_id
       on conflict (tenant_id, lead_id) do update set
         position = excluded.position, model_version = excluded.model_version, newest = excluded.newest, points = excluded.points,
         score = excluded.score, band = excluded.band, published_score = excluded.published_score,
         published_band = excluded.published_band, updated_at = now()
       where s.position < excluded.position)
     select exists (select from moved) as moved`,
    [part.tenantId, String(part.after), String(part.to), JSON.stringify([...states].map(([leadId, state]) => rowOf(leadId, state)))],
  );
  return rows[0]?.moved === true;
}

function rowOf(leadId: string, { position, modelVersion, points, score, band, publishedScore, publishedBand }: LeadState): object {
  return {
    lead_id: leadId,
    position: String(position),
    model_version: modelVersion,
    newest: points.newest === null ? null : String(points.newest),
    points: points.byType,
    score,
    band,
    published_score: publishedScore,
    published_band: publishedBand,
  };
}

/** What an answer to an event repeats of it. */
export interface Cause {
  /** The item's id. */
  readonly id: string;
  /** Microseconds since the Unix epoch. */
  readonly appendedAt: bigint;
  readonly entities: readonly EntityRef[];
}

/** The events at these positions of a tenant's log. */
export async function causesAt({ pool }: Database, tenantId: string, positions: readonly bigint[]): Promise<Map<bigint, Cause>> {
  const { rows } = await pool.query<{ position: string; id: string; appended: string; entities: string }>(
    `select position, id, (extract(epoch from appended_at) * 1000000)::bigint as appended, entities from annals.events
     where tenant_id = $1 and position = any ($2)`,
    [tenantId, positions.map(String)],
  );
  return new Map(
    rows.map(({ position, id, appended, entities }) => [
      BigInt(position),
      { id, appendedAt: BigInt(appended), entities: JSON.parse(entities) as EntityRef[] },
    ]),
  );
}
