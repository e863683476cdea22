import { setTimeout as pause } from 'node:timers/promises';
import type { LedJob } from '#libs/store';

/**
 * The same job, that begins at most every `everyMs` once it has caught up: appends nudge it a hundred times a second, and one look at many events
 * costs little more than one at a few.
 */
export function paced(job: LedJob, everyMs: number): LedJob {
  let notBefore = 0;
  return {
    ...job,
    async act() {
      const early = notBefore - performance.now();
      if (early > 0) await pause(early);
      const began = performance.now();
      const more = await job.act();
      notBefore = more ? 0 : began + everyMs;
      return more;
    },
  };
}
