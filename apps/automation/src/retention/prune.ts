import type { Logger } from '#libs/service';
import { closeEffects, pruneEffects, pruneNotifications, type Database, type LedJob, type NotificationAges } from '#libs/store';

/** In days. */
export interface Retention extends NotificationAges {
  /** Since an event was appended. */
  readonly effectDays: number;
}

export interface RetentionParts {
  readonly database: Database;
  readonly retention: Retention;
  readonly logger: Pick<Logger, 'info'>;
}

const AT_ONCE = 5_000;
const EVERY_MS = 3_600_000;

/** Deletes what is older than it is kept, in pieces, once an hour. What it deletes of the ledger can never fire again: docs/operating.md. */
export function retentionJob({ database, retention, logger }: RetentionParts): LedJob {
  let notBefore = 0;
  let effects = 0;
  let notifications = 0;
  return {
    name: 'retention',
    idleMs: 60_000,
    async act() {
      // appends wake it: then there is nothing to do
      if (performance.now() < notBefore) return false;
      await closeEffects(database, retention.effectDays);
      const [ofLedger, ofUsers] = [await pruneEffects(database, AT_ONCE), await pruneNotifications(database, retention, AT_ONCE)];
      effects += ofLedger;
      notifications += ofUsers;
      if (ofLedger + ofUsers > 0) return true;
      if (effects + notifications > 0) logger.info({ effects, notifications }, 'pruned');
      effects = notifications = 0;
      notBefore = performance.now() + EVERY_MS;
      return false;
    },
  };
}
