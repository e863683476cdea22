import { foldCounts, type Database } from '#libs/store';
import type { LedJob } from '../operation/leader.js';

/** Keeps the counters of long timelines near the log, in large batches: totals beyond 10,000 are floors until it was here. */
export function countsFolding(database: Database): LedJob {
  return {
    name: 'fold-counts',
    idleMs: 5_000,
    async act() {
      await foldCounts(database);
      return false;
    },
  };
}
