import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { settleLeftover, stopOrphan, writeClaim, type OnProgress } from './claim-folder.js';
import { createCluster, POSTGRES_USER, POSTGRES_DATABASE } from './create-cluster.js';
import { endWithThisProcess } from './end-with-this-process.js';
import { guardProcess } from './guard-process.js';
import { identifyProcess } from './identify-process.js';
import { freePort, requireFreePort } from './ports.js';
import { howToRun, postgresAccount, type RunAs } from './postgres-account.js';
import { postgresBinaries } from './postgres-binaries.js';
import { postgresFlags } from './postgres-flags.js';
import { spawnAs } from './spawn-as.js';
import { send, stopProcess, type StopStep } from './stop-process.js';
import { startIn } from './temporary-folder.js';

const START_PATIENCE_MS = 60_000;
/** Fast shutdown, then immediate, then none at all: the write-ahead log brings the data back. */
const STOP: readonly StopStep[] = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

export interface PostgresOptions {
  /** Data and password stay here from run to run; a temporary folder, removed at the stop, when left out. */
  readonly dataDir?: string;
  /** Any free one when left out. */
  readonly port?: number;
  /** False gives up crash safety for speed: for tests. */
  readonly durable: boolean;
  readonly onProgress?: OnProgress;
}

export interface RunningPostgres {
  /** Address of the database `annals` as superuser, password included: do not log it. */
  readonly url: string;
  readonly pid: number;
  /** Ends it in good order; harmless twice. Data in `dataDir` stays. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a real PostgreSQL 18 on the loopback (UTF-8, locale C.UTF-8, time zone UTC) and resolves when it accepts connections.
 * A server left by a killed run of the same `dataDir` is stopped first; one whose run still lives is an error. It ends with
 * this process.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const onProgress = options.onProgress ?? (() => undefined);
  const settled = (folder: string) => settle(folder, onProgress);
  return startIn(options.dataDir, 'postgres', settled, (folder) => startServer(folder, options, onProgress));
}

async function startServer(dataDir: string, options: PostgresOptions, onProgress: OnProgress): Promise<RunningPostgres> {
  const { initdb, postgres } = await postgresBinaries();
  const port = options.port === undefined ? await freePort() : await requireFreePort(options.port, 'PostgreSQL', 'another port');
  const cluster = clusterDir(dataDir);
  const account = await postgresAccount(cluster);
  const runAs = await howToRun(account, [
    { path: postgres, remedy: 'install in a folder that others may enter' },
    { path: cluster, remedy: 'set DATA_DIR to a folder that others may enter' },
  ]);
  const password = await keptPassword(dataDir);
  if (!existsSync(cluster)) {
    onProgress('Creating the PostgreSQL cluster');
    await createCluster({ initdb, postgres, cluster, password, account, runAs, durable: options.durable });
  }
  onProgress(`Starting PostgreSQL on port ${port}`);
  const server = await launch({ postgres, dataDir, port, runAs, durable: options.durable, temporary: options.dataDir === undefined });
  try {
    await writeClaim(claimFile(dataDir), server.pid);
    await untilReady(server, cluster);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: urlOf(password, port), pid: server.pid, stop: server.stop };
}

/** Address of the PostgreSQL that a run has started on `dataDir` and that still works, or `undefined`. */
export async function runningPostgresUrl(dataDir: string): Promise<string | undefined> {
  const cluster = clusterDir(resolve(dataDir));
  const [pid, , , port] = await pidFileLines(cluster);
  if (!(await isServerOf(cluster, pid))) return undefined;
  return urlOf(await readFile(passwordFile(resolve(dataDir)), 'utf8'), Number(port));
}

const clusterDir = (dataDir: string): string => join(dataDir, 'cluster');
const claimFile = (dataDir: string): string => join(dataDir, 'server.json');
const passwordFile = (dataDir: string): string => join(dataDir, 'password');
const urlOf = (password: string, port: number): string => `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${port}/${POSTGRES_DATABASE}`;

async function settle(dataDir: string, onProgress: OnProgress): Promise<void> {
  const cluster = clusterDir(dataDir);
  const server = { commandMark: `-D ${cluster} `, name: 'PostgreSQL', stop: STOP, onProgress };
  await settleLeftover({ ...server, claimFile: claimFile(dataDir) });
  // a run killed before it could write its claim; and a number that meanwhile is another process' would keep the server from starting
  const pid = Number((await pidFileLines(cluster))[0]);
  if (await isServerOf(cluster, String(pid))) await stopOrphan(pid, server);
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}

async function isServerOf(cluster: string, pid: string | undefined): Promise<boolean> {
  if (pid === undefined || !/^\d+$/.test(pid)) return false;
  return (await identifyProcess(Number(pid)))?.command.includes(`-D ${cluster} `) ?? false;
}

/** pid, data folder, start time, port, …: see PostgreSQL's `miscadmin.h`. */
async function pidFileLines(cluster: string): Promise<string[]> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.trim());
}

async function keptPassword(dataDir: string): Promise<string> {
  const file = passwordFile(dataDir);
  if (!existsSync(clusterDir(dataDir))) {
    await rm(file, { force: true });
    await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  }
  return readFile(file, 'utf8');
}

interface Launch {
  readonly postgres: string;
  readonly dataDir: string;
  readonly port: number;
  readonly runAs: RunAs;
  readonly durable: boolean;
  readonly temporary: boolean;
}

interface Server {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly logFile: string;
  readonly stop: () => Promise<void>;
}

async function launch({ postgres, dataDir, port, runAs, durable, temporary }: Launch): Promise<Server> {
  const cluster = clusterDir(dataDir);
  const logFile = join(dataDir, 'postgres.log');
  const log = await open(logFile, 'w');
  const child = spawnAs(runAs, postgres, ['-D', cluster, '-p', String(port), ...postgresFlags(durable)], {
    cwd: cluster,
    stdio: ['ignore', log.fd, log.fd],
    // a group of its own: Ctrl-C goes to the run, which stops its server after its apps
    detached: true,
  });
  await once(child, 'spawn').finally(() => log.close());
  const pid = child.pid as number;
  const keep = temporary ? guardProcess(pid, 'QUIT', dataDir) : endWithThisProcess(() => send(pid, 'SIGINT'));
  const stop = async (): Promise<void> => {
    keep();
    await stopProcess(pid, STOP);
    await rm(temporary ? dataDir : claimFile(dataDir), { recursive: true, force: true });
  };
  let stopping: Promise<void> | undefined;
  return { pid, child, logFile, stop: () => (stopping ??= stop()) };
}

async function untilReady({ child, logFile }: Server, cluster: string): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  while ((await pidFileLines(cluster))[7] !== 'ready') {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > deadline) {
      const log = await readFile(logFile, 'utf8').catch(() => '');
      throw new Error(`PostgreSQL ${ended ? 'ended' : 'was not ready'} while starting. The end of its log:\n${log.slice(-2000)}`);
    }
    await pause(10);
  }
}
