import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '#libs/service';
import { isUnlucky } from '#libs/store';

const LONGEST_PAUSE_MS = 5_000;

/** Opens something of the database, waiting while it is away. Rejects for everything else, an older schema above all. */
export async function whenReachable<T>(logger: Logger, open: () => Promise<T>): Promise<T> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await open();
    } catch (err) {
      if (!isUnlucky(err)) throw err;
      logger.warn({ err, pauseMs }, 'the database does not answer yet');
      await sleep(pauseMs);
    }
  }
}
