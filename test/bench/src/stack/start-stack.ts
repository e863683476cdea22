import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, startPostgres } from '#libs/local-stack';
import { progress } from '../report/progress.js';
import { killChildren } from './child-app.js';

/** A Kafka and a PostgreSQL of the benchmark's own, with the settings of `npm start`: whatever is acknowledged is on disk. */
export interface BenchStack {
  readonly brokers: readonly string[];
  /** Superuser's address of the server, without a database. */
  readonly postgresUrl: string;
  /** The postmaster. */
  readonly postgresPid: number;
  /** A folder that both this process and PostgreSQL may write. */
  readonly exchangeDir: string;
  stop(): Promise<void>;
}

/** Ctrl-C ends everything it started and removes the folder, unless that is to be kept. */
export async function startStack(keep: boolean): Promise<BenchStack> {
  const folder = await mkdtemp(join(tmpdir(), 'annals-bench-'));
  await chmod(folder, 0o711);
  const exchangeDir = join(folder, 'exchange');
  await mkdir(exchangeDir);
  await chmod(exchangeDir, 0o777);
  const stops: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll(folder, stops, keep));
  onSignal(stop);
  try {
    const kafka = await startKafka({ dataDir: join(folder, 'kafka'), onProgress: progress });
    stops.push(() => kafka.stop());
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: true, onProgress: progress });
    stops.push(() => postgres.stop());
    return { brokers: kafka.brokers, postgresUrl: postgres.url, postgresPid: postgres.pid, exchangeDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopAll(folder: string, stops: readonly (() => Promise<void>)[], keep: boolean): Promise<void> {
  killChildren();
  for (const stop of [...stops].reverse()) await stop();
  if (keep) progress(`The data stays in ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}

function onSignal(stop: () => Promise<void>): void {
  const leave = (code: number) => (): void => {
    progress('Stopping');
    void stop().finally(() => process.exit(code));
  };
  process.once('SIGINT', leave(130));
  process.once('SIGTERM', leave(143));
  process.once('SIGHUP', leave(129));
}
