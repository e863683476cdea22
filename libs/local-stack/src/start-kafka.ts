import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { settleLeftover, writeClaim, type OnProgress } from './claim-folder.js';
import { endWithThisProcess } from './end-with-this-process.js';
import { guardProcess } from './guard-process.js';
import { asProperties, kafkaSettings } from './kafka-settings.js';
import { newClusterId } from './new-cluster-id.js';
import { answers, freePort, requireFreePort } from './ports.js';
import { defaultCacheDir, KAFKA_VERSION, resolveKafkaJars, type KafkaJars } from './resolve-kafka-jars.js';
import { scramArguments, securedSettings, type SecuredListener } from './secured-listener.js';
import { send, stopProcess, type StopStep } from './stop-process.js';
import { startIn } from './temporary-folder.js';

const run = promisify(execFile);
const START_PATIENCE_MS = 90_000;
const STOP: readonly StopStep[] = [
  ['SIGTERM', 30_000],
  ['SIGKILL', 5_000],
];

export interface KafkaOptions {
  /** Data and cluster id stay here from run to run; a temporary folder, removed at the stop, when left out. */
  readonly dataDir?: string;
  /** Any free one when left out. */
  readonly port?: number;
  /** Where the broker's jars are kept, for all runs; `ANNALS_CACHE_DIR` or the user's cache folder when left out. */
  readonly cacheDir?: string;
  /** Beside the plaintext listener; none when left out. */
  readonly secured?: SecuredListener;
  /** For a broker that works for minutes, as those in production do: takes a fifth less then, and more at first. */
  readonly compilesFully?: boolean;
  readonly onProgress?: OnProgress;
}

export interface RunningKafka {
  /** `host:port`, ready for a client. */
  readonly brokers: readonly string[];
  /** Process id; null where a container engine owns the process. */
  readonly pid: number | null;
  /** Ends it in good order; harmless twice. Data in `dataDir` stays. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a real Kafka broker (KRaft, one node, plaintext on the loopback) in a JVM and resolves when it accepts connections.
 * The first start on a machine fetches it with Maven. A broker left by a killed run of the same `dataDir` is stopped first;
 * one whose run still lives is an error. It ends with this process.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<RunningKafka> {
  const onProgress = options.onProgress ?? (() => undefined);
  const jars = await resolveKafkaJars(options.cacheDir ?? defaultCacheDir(), onProgress);
  const settled = (folder: string) => settle(folder, onProgress);
  return startIn(options.dataDir, 'kafka', settled, (folder) => startBroker(folder, jars, options, onProgress));
}

async function startBroker(dataDir: string, jars: KafkaJars, options: KafkaOptions, onProgress: OnProgress): Promise<RunningKafka> {
  const port = options.port === undefined ? await freePort() : await requireFreePort(options.port, 'Kafka', 'KAFKA_PORT');
  const config = configFile(dataDir);
  const place = { host: '127.0.0.1', port, controllerPort: await freePort(), logDir: join(dataDir, 'logs') };
  const { secured } = options;
  const settings = secured ? securedSettings(secured, place.host, kafkaSettings(place)) : kafkaSettings(place);
  await writeFile(config, asProperties(settings), { mode: 0o600 });
  await format(jars, dataDir, config, secured ? scramArguments(secured) : [], onProgress);
  onProgress(`Starting Kafka ${KAFKA_VERSION} on port ${port}`);
  const compiler = options.compilesFully === true ? [] : [COMPILE_FAST];
  const broker = await launch(jars, { dataDir, config, temporary: options.dataDir === undefined, compiler });
  try {
    await writeClaim(claimFile(dataDir), broker.pid);
    await untilReady(broker, port);
  } catch (error) {
    await broker.stop();
    throw error;
  }
  return { brokers: [`127.0.0.1:${port}`], pid: broker.pid, stop: broker.stop };
}

const configFile = (dataDir: string): string => join(dataDir, 'server.properties');
const claimFile = (dataDir: string): string => join(dataDir, 'broker.json');

function settle(dataDir: string, onProgress: OnProgress): Promise<void> {
  return settleLeftover({ claimFile: claimFile(dataDir), commandMark: configFile(dataDir), name: 'Kafka', stop: STOP, onProgress });
}

const JVM = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-Xlog:disable', '-Xlog:all=error:stderr'];
const COMPILE_FAST = '-XX:TieredStopAtLevel=1';

function java(jars: KafkaJars, options: readonly string[], program: readonly string[]): string[] {
  return [...options, ...JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', jars.classPath, ...program];
}

const mapArchive = (jars: KafkaJars): string[] => (existsSync(jars.archive) ? [`-XX:SharedArchiveFile=${jars.archive}`] : []);

/** Gives a new data folder its cluster id, at random: offsets of one cluster must never be taken for another's. */
async function format(jars: KafkaJars, dataDir: string, config: string, users: readonly string[], onProgress: OnProgress): Promise<void> {
  if (existsSync(join(dataDir, 'logs', 'meta.properties'))) return;
  onProgress('Preparing the storage of Kafka');
  await run(
    'java',
    java(jars, [...mapArchive(jars), COMPILE_FAST], ['kafka.tools.StorageTool', 'format', '-t', newClusterId(), '-c', config, ...users]),
  );
}

interface Broker {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly logFile: string;
  readonly stop: () => Promise<void>;
}

interface Launch {
  readonly dataDir: string;
  readonly config: string;
  readonly temporary: boolean;
  /** Options of the JVM. */
  readonly compiler: readonly string[];
}

async function launch(jars: KafkaJars, { dataDir, config, temporary, compiler }: Launch): Promise<Broker> {
  const logFile = join(dataDir, 'broker.log');
  const log = await open(logFile, 'w');
  // The first broker on a machine writes a class-data archive when it stops; those after it start in a third of the time.
  const dump = existsSync(jars.archive) ? undefined : join(dataDir, 'classes.jsa');
  const sharing = dump === undefined ? mapArchive(jars) : [`-XX:ArchiveClassesAtExit=${dump}`];
  // a group of its own: Ctrl-C goes to the run, which stops its broker after its apps
  const child = spawn('java', java(jars, [...sharing, ...compiler], ['kafka.Kafka', config]), {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  await once(child, 'spawn').finally(() => log.close());
  const pid = child.pid as number;
  const keep = temporary ? guardProcess(pid, 'KILL', dataDir) : endWithThisProcess(() => send(pid, 'SIGTERM'));
  const stop = async (): Promise<void> => {
    keep();
    await stopProcess(pid, STOP);
    if (dump !== undefined) await keepArchive(dump, jars.archive);
    await rm(temporary ? dataDir : claimFile(dataDir), { recursive: true, force: true });
  };
  let stopping: Promise<void> | undefined;
  return { pid, child, logFile, stop: () => (stopping ??= stop()) };
}

/** A broker that did not end in good order has written none; the next one will. */
async function keepArchive(dump: string, archive: string): Promise<void> {
  const draft = `${archive}.${process.pid}`;
  await copyFile(dump, draft)
    .then(() => rename(draft, archive))
    .catch(() => undefined);
  await rm(dump, { force: true });
}

async function untilReady({ child, logFile }: Broker, port: number): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!(await answers(port))) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > deadline) {
      const log = await readFile(logFile, 'utf8').catch(() => '');
      throw new Error(`Kafka ${ended ? 'ended' : 'did not answer'} while starting. The end of its log:\n${log.slice(-2000)}`);
    }
    await pause(25);
  }
}
