import { eventDefinition, type EventRecord } from '#libs/contracts';
import { modelAt, needsPast, scoreLead, type LeadState, type ScoreUpdate, type Touch, type VersionedModel } from '#libs/scores';
import {
  beginModels,
  causesAt,
  laggingTenants,
  leadPasts,
  leadStates,
  leadTouches,
  linkContacts,
  orOutage,
  saveScores,
  scorableTo,
  SCORES_CONSUMER,
  type Database,
  type Lag,
  type LeadTouch,
  type LedJob,
  type LogPart,
} from '#libs/store';
import type { AutomationParts } from '../automation-parts.js';
import { paced } from '../paced.js';
import { scoreUpdated } from './score-updated.js';
import { tenantModels } from './tenant-models.js';

const AT_ONCE = 5_000;
const EVERY_MS = 200;

type Parts = Pick<AutomationParts, 'database' | 'publisher' | 'types' | 'failing'>;

/**
 * The scoring engine: keeps the scores of leads, and answers with `lead.score_updated` where one has changed. Updates follow from the log and the models
 * alone, ids included, and are published before the checkpoint moves: whoever does the work again publishes the same, which the log knows already.
 */
export function scoringEngine(parts: Parts): LedJob {
  const job: LedJob = {
    name: SCORES_CONSUMER,
    // appends wake it; this is for a wake-up that was lost, and for a type that was not known yet
    idleMs: 1_000,
    async act() {
      await beginModels(parts.database);
      const done: (boolean | undefined)[] = [];
      for (const lag of await laggingTenants(parts.database, SCORES_CONSUMER))
        done.push(await parts.failing.attempt(SCORES_CONSUMER, lag.tenantId, () => scoreTenant(parts, lag)));
      return done.includes(false);
    },
  };
  return paced(job, EVERY_MS);
}

/** True: nothing more can be scored of this tenant now. */
async function scoreTenant({ database, publisher, types }: Parts, lag: Lag): Promise<boolean> {
  const { tenantId, checkpoint: after, head } = lag;
  const own = types.own(tenantId).map(({ type }) => type);
  const part: LogPart = { tenantId, after, to: await scorableTo(database, lag, AT_ONCE, own) };
  if (part.to === after) return true;
  const models = await tenantModels(database, types, tenantId);
  const { states, updates } = await scorePart(database, part, models);
  const records = await updateRecords(database, tenantId, updates);
  if (records.length > 0) await orOutage(publisher.publish(eventDefinition('lead.score_updated').topic, records));
  await saveScores(database, part, states);
  return part.to === head;
}

interface LeadUpdate {
  readonly leadId: string;
  readonly update: ScoreUpdate;
}

async function scorePart(database: Database, part: LogPart, models: readonly VersionedModel[]) {
  await linkContacts(database, part);
  const types = [...new Set(models.flatMap(({ weights }) => Object.keys(weights)))];
  const touched = byLead(await leadTouches(database, part, types), models);
  const before = await leadStates(database, part.tenantId, [...touched.keys()]);
  const works = [...touched].map(([leadId, touches]) => ({ leadId, touches, models, state: before.get(leadId) ?? null }));
  const asking = works.filter(needsPast).map(({ leadId }) => leadId);
  const pasts = asking.length === 0 ? new Map<string, never>() : await leadPasts(database, part, asking, types);
  const states = new Map<string, LeadState>();
  const updates: LeadUpdate[] = [];
  for (const work of works) {
    const done = scoreLead({ ...work, past: pasts.get(work.leadId) ?? [] });
    if (done.state) states.set(work.leadId, done.state);
    updates.push(...done.updates.map((update) => ({ leadId: work.leadId, update })));
  }
  return { states, updates };
}

/** Touches by lead; a type that the model of its position gives no weight touches nothing. */
function byLead(touches: readonly LeadTouch[], models: readonly VersionedModel[]): Map<string, Touch[]> {
  const leads = new Map<string, Touch[]>();
  for (const { leadId, type, touch } of touches) {
    if (type !== null && modelAt(models, touch.position).weights[type] === undefined) continue;
    const known = leads.get(leadId);
    if (known) known.push(touch);
    else leads.set(leadId, [touch]);
  }
  return leads;
}

async function updateRecords(database: Database, tenantId: string, updates: readonly LeadUpdate[]): Promise<EventRecord[]> {
  if (updates.length === 0) return [];
  const ordered = updates.toSorted((a, b) => Number(a.update.position - b.update.position));
  const causes = await causesAt(
    database,
    tenantId,
    ordered.map(({ update }) => update.position),
  );
  return ordered.map(({ leadId, update }) => scoreUpdated(tenantId, leadId, update, causes.get(update.position)));
}
