import { foldCounts, type Database, type FailingTenants, type LedJob } from '#libs/store';

/** Keeps the counters of long timelines near the log, in large batches: totals beyond 10,000 are floors until it was here. */
export function countsFolding(database: Database, failing: FailingTenants): LedJob {
  return {
    name: 'fold-counts',
    idleMs: 5_000,
    async act() {
      await foldCounts(database, failing);
      return false;
    },
  };
}
