import { setTimeout as sleep } from 'node:timers/promises';
import { isUnlucky } from './unlucky.js';

/** Where the waiting is told; pino's loggers are such. */
export interface WaitLog {
  warn(details: object, message: string): void;
}

const LONGEST_PAUSE_MS = 5_000;

/** Opens something of the database, waiting while it is away. Rejects for everything else, an older schema above all. */
export async function whenReachable<T>(logger: WaitLog, open: () => Promise<T>): Promise<T> {
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
