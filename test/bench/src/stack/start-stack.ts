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
  const stops: (() => Promise<void>)[] = [];
  const starting = startServers(folder, stops);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll(folder, starting, stops, keep));
  onSignal(stop);
  try {
    return { ...(await starting), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServers(folder: string, stops: (() => Promise<void>)[]): Promise<Omit<BenchStack, 'stop'>> {
  const exchangeDir = join(folder, 'exchange');
  await mkdir(exchangeDir);
  await chmod(exchangeDir, 0o777);
  const kafka = await startKafka({ dataDir: join(folder, 'kafka'), compilesFully: true, onProgress: progress });
  stops.push(() => kafka.stop());
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: true, onProgress: progress });
  stops.push(() => postgres.stop());
  return { brokers: kafka.brokers, postgresUrl: postgres.url, postgresPid: postgres.pid, exchangeDir };
}

/** What is just being started is waited for: half a server would be left behind. */
async function stopAll(folder: string, starting: Promise<unknown>, stops: (() => Promise<void>)[], keep: boolean): Promise<void> {
  killChildren();
  await starting.catch(() => undefined);
  for (const stop of stops.reverse()) await stop();
  if (keep) progress(`The data stays in ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}

/** The listeners stay: without one, the servers would take the signal as theirs to handle. A second signal does not wait. */
function onSignal(stop: () => Promise<void>): void {
  let leaving = false;
  const leave = (code: number): void => {
    if (leaving) process.exit(code);
    leaving = true;
    progress('Stopping');
    // not before all listeners of this signal have been called
    setImmediate(() => void stop().finally(() => process.exit(code)));
  };
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));
  process.on('SIGHUP', () => leave(129));
}
