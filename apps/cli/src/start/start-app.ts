import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settleLeftover, stopProcess, writeClaim, type StopStep } from '#libs/local-stack';
import { logFileOf, type DataDir } from '../data-dir.js';
import { nodeFlags } from './node-flags.js';
import type { Part } from './parts.js';
import type { Print } from './steps.js';

/** Apps finish their batch within 10 s. */
const STOP: readonly StopStep[] = [
  ['SIGTERM', 15_000],
  ['SIGKILL', 5_000],
];

export const APPS = ['ingest', 'automation', 'email-webhook', 'enrichment-worker', 'sequence-engine', 'query', 'demo'] as const;
export type AppName = (typeof APPS)[number];

const ENTRIES: Readonly<Record<AppName, string>> = {
  ingest: '../../../ingest/src/main.js',
  automation: '../../../automation/src/main.js',
  'email-webhook': '../../../email-webhook/src/main.js',
  'enrichment-worker': '../../../enrichment-worker/src/main.js',
  'sequence-engine': '../../../sequence-engine/src/main.js',
  query: '../../../query/src/main.js',
  demo: '../demo/main.js',
};

/** In the command line of every app of this folder and of no other process. */
const markOf = (dir: DataDir): string => `--annals-data-dir=${dir.root}`;
const claimFileOf = (dir: DataDir, app: AppName): string => join(dir.run, `${app}.json`);

/** Stops an app that a killed run left working in this folder, saying so. */
export function settleApp(dir: DataDir, app: AppName, onProgress: Print): Promise<void> {
  return settleLeftover({ claimFile: claimFileOf(dir, app), commandMark: markOf(dir), name: app, stop: STOP, onProgress });
}

/** Starts a built app as a process of its own, its lines into its log file. */
export async function startApp(dir: DataDir, app: AppName, env: Readonly<Record<string, string>>): Promise<Part> {
  const logFile = await logFileOf(dir, app);
  const log = await open(logFile, 'a');
  const entry = fileURLToPath(new URL(ENTRIES[app], import.meta.url));
  const args = [...nodeFlags(app), entry, markOf(dir)];
  // a group of its own: Ctrl-C goes to the start, which stops its apps in order
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', log.fd, log.fd], detached: true });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()).once('error', () => resolve()));
  await new Promise<void>((started, failed) => void child.once('spawn', started).once('error', failed));
  await log.close();
  await log.close();
  const pid = child.pid as number;
  await writeClaim(claimFileOf(dir, app), pid);
  return { name: app, pid, logFile, ended, stop: () => stopProcess(pid, STOP) };
}
