import type { OutgoingMessage } from '#libs/bus';
import {
  EVENT_DEFINITIONS,
  feedsScores,
  LEAD_SCORE_TOPIC,
  scoreInput,
  STRUCTURED_CONTENT_TYPE,
  type EventDefinition,
  type ScoredEvent,
} from '#libs/contracts';
import { modelAt, type VersionedModel } from '#libs/scores';
import { eventsToFeed, FEED_CONSUMER, laggingTenants, orOutage, saveCheckpoint, scorableTo, type Lag, type LedJob } from '#libs/store';
import type { AutomationParts } from '../automation-parts.js';
import { paced } from '../paced.js';
import { tenantModels } from './tenant-models.js';

/** Events of a tenant's log looked at in one go. */
const AT_ONCE = 5_000;
const EVERY_MS = 100;
const FEEDING: readonly string[] = EVENT_DEFINITIONS.filter(({ scoreFeed }: EventDefinition) => scoreFeed).map(({ type }) => type);

type Parts = Pick<AutomationParts, 'database' | 'publisher' | 'types' | 'failing'>;

/**
 * Tells scoring engines what may change a score, on the topic annals.lead-score: per tenant in position order, at least once (the checkpoint moves after
 * the brokers have it), with ids that stay. `backfill`: also what was entered afterwards.
 */
export function scoreFeed(parts: Parts, backfill: boolean): LedJob {
  const job: LedJob = {
    name: FEED_CONSUMER,
    // appends wake it; this is for a wake-up that was lost, and for a type that was not known yet
    idleMs: 1_000,
    async act() {
      const done: (boolean | undefined)[] = [];
      for (const lag of await laggingTenants(parts.database, FEED_CONSUMER))
        done.push(await parts.failing.attempt(FEED_CONSUMER, lag.tenantId, () => feedTenant(parts, lag, backfill)));
      return done.includes(false);
    },
  };
  return paced(job, EVERY_MS);
}

/** True: nothing more can be told of this tenant now. */
async function feedTenant({ database, publisher, types }: Parts, lag: Lag, backfill: boolean): Promise<boolean> {
  const { tenantId, checkpoint, head } = lag;
  const own = types.own(tenantId);
  const to = await scorableTo(
    database,
    lag,
    AT_ONCE,
    own.map(({ type }) => type),
  );
  if (to === checkpoint) return true;
  const feeding = [...FEEDING, ...own.filter((type) => type.scoreFeed).map(({ type }) => type)];
  const { events, reached } = await eventsToFeed(database, tenantId, checkpoint, to, feeding);
  const models = await tenantModels(database, types, tenantId);
  const messages = events.flatMap((event) => messagesOf(event, types.resolve(event.type, tenantId), models, backfill));
  if (messages.length > 0) await orOutage(publisher.publish(LEAD_SCORE_TOPIC, messages));
  await saveCheckpoint(database, FEED_CONSUMER, tenantId, reached);
  return reached === head;
}

function messagesOf(
  event: ScoredEvent,
  definition: EventDefinition | undefined,
  models: readonly VersionedModel[],
  backfill: boolean,
): OutgoingMessage[] {
  if (!definition || !feedsScores(event, definition, backfill)) return [];
  const { weights, halfLifeDays } = modelAt(models, event.position);
  const value = scoreInput(event, definition, { weight: weights[event.type] ?? 0, halfLifeDays });
  return [{ key: event.tenantId, value, headers: { 'content-type': STRUCTURED_CONTENT_TYPE } }];
}
