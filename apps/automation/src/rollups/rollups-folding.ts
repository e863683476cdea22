import { foldRollups, ROLLUPS_CONSUMER, type LedJob } from '#libs/store';
import type { AutomationParts } from '../automation-parts.js';
import { paced } from '../paced.js';

/** Beside ingest on the same machine large batches are what costs it least; a dashboard does not see half a second. */
const EVERY_MS = 500;

/** Keeps the roll-ups near the log. */
export function rollupsFolding({ database, failing }: Pick<AutomationParts, 'database' | 'failing'>): LedJob {
  const job: LedJob = {
    name: ROLLUPS_CONSUMER,
    // appends wake it; this is for a wake-up that was lost
    idleMs: 5_000,
    async act() {
      await foldRollups(database, failing);
      return false;
    },
  };
  return paced(job, EVERY_MS);
}
