import { createHash } from 'node:crypto';
import { buildEvent, formatTime, type EntityRef, type EventRecord } from '#libs/contracts';
import { versionName, type ScoreUpdate } from '#libs/scores';
import type { Cause } from '#libs/store';

/** Who makes `lead.score_updated`. */
export const SCORING_SOURCE = '/producers/scoring-engine';

/**
 * The event that tells a score. Id and content follow from the log and the model: made again it is the same event. It is dated when its cause was appended,
 * and stands on the timelines of the lead and of the accounts that the cause refers to.
 */
export function scoreUpdated(tenantId: string, leadId: string, update: ScoreUpdate, cause: Cause | undefined): EventRecord {
  if (!cause) throw new Error(`no event stands at position ${update.position}`);
  const { position, modelVersion, topFactors, ...change } = update;
  const modelName = versionName(modelVersion);
  const accounts = new Set(cause.entities.filter(({ type }) => type === 'account').map(({ id }) => id));
  return buildEvent({
    type: 'lead.score_updated',
    id: `${digest(leadId)}-${position}-${modelName}`,
    source: SCORING_SOURCE,
    tenantId,
    entities: [{ type: 'lead', id: leadId }, ...[...accounts].map((id): EntityRef => ({ type: 'account', id }))],
    actor: { type: 'system', id: 'scoring-engine' },
    time: formatTime(cause.appendedAt),
    causationId: cause.id,
    payload: { ...change, modelVersion: modelName, topFactors: [...topFactors] },
  });
}

/** Ids of leads may be as long as ids of events. */
const digest = (leadId: string): string => createHash('sha256').update(leadId).digest('hex').slice(0, 32);
