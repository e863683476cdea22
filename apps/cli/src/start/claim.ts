import { join } from 'node:path';
import { settleLeftover, writeClaim } from '#libs/local-stack';
import type { DataDir } from '../data-dir.js';
import { APPS, settleApp } from './start-app.js';
import type { Print } from './steps.js';

/**
 * Makes the folder this run's: throws a sentence where another run lives in it, and stops what a killed one left behind
 * (Kafka and PostgreSQL are looked after when they are started).
 */
export async function claimDataDir(dir: DataDir, onProgress: Print): Promise<void> {
  const claimFile = join(dir.run, 'start.json');
  await settleLeftover({ claimFile, commandMark: '', name: 'annals', stop: [], onProgress });
  await writeClaim(claimFile, process.pid);
  for (const app of [...APPS].reverse()) await settleApp(dir, app, onProgress);
}
