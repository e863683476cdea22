import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { OnProgress } from './claim-folder.js';
import { endWithThisProcess } from './end-with-this-process.js';
import { identifyProcess } from './identify-process.js';
import { asEnvironment, kafkaSettings } from './kafka-settings.js';
import { newClusterId } from './new-cluster-id.js';
import { freePort, requireFreePort } from './ports.js';
import { KAFKA_VERSION } from './resolve-kafka-jars.js';
import type { KafkaOptions, RunningKafka } from './start-kafka.js';

export const KAFKA_IMAGE = `apache/kafka:${KAFKA_VERSION}`;

/** In the image, owned by the user it runs as. */
const LOG_DIR = '/var/lib/kafka/data';
const CONTROLLER_PORT = 29093;
const START_PATIENCE_MS = 180_000;
const OWNER = 'annals.owner';

/** Runs the docker client and answers with its output, both streams. */
export type DockerClient = (args: readonly string[]) => Promise<string>;

export interface DockerKafkaOptions extends KafkaOptions {
  /** The cluster id stays here, and its path names the volume with the data. */
  readonly dataDir: string;
}

/** The same as `startKafka`, by Apache's image in a container engine; data is kept in a volume named after `dataDir`. */
export async function startDockerKafka(options: DockerKafkaOptions, docker: DockerClient = dockerClient): Promise<RunningKafka> {
  const onProgress = options.onProgress ?? (() => undefined);
  const dataDir = resolve(options.dataDir);
  const name = `annals-kafka-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
  await mkdir(dataDir, { recursive: true });
  await settleContainer(name, docker, onProgress);
  const port = options.port === undefined ? await freePort() : await requireFreePort(options.port, 'Kafka', 'KAFKA_PORT');
  onProgress(`Starting ${KAFKA_IMAGE} as container ${name} on port ${port}; the first time it is pulled`);
  await docker(await runArguments(name, port, await keptClusterId(dataDir)));
  const keep = endWithThisProcess(() => void spawnSync('docker', ['stop', name], { stdio: 'ignore' }));
  const stop = async (): Promise<void> => {
    keep();
    await docker(['stop', '--time', '30', name]);
  };
  let stopping: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => (stopping ??= stop());
  try {
    await untilStarted(name, docker);
  } catch (error) {
    await stopOnce().catch(() => undefined);
    throw error;
  }
  return { brokers: [`127.0.0.1:${port}`], pid: null, stop: stopOnce };
}

/** A container of that name was left by a killed run, or belongs to one that lives. */
async function settleContainer(name: string, docker: DockerClient, onProgress: OnProgress): Promise<void> {
  const owner = await docker(['inspect', '--format', `{{index .Config.Labels "${OWNER}"}}`, name]).catch(() => undefined);
  if (owner === undefined) return;
  const [pid, ...birth] = owner.trim().split('/');
  const living = await identifyProcess(Number(pid));
  if (living?.birth === birth.join('/')) throw new Error(`The container ${name} is in use by process ${pid}: stop that one first.`);
  onProgress(`Found the container ${name} of a run that was killed: removing it, its data stay`);
  await docker(['rm', '--force', name]);
}

async function runArguments(name: string, port: number, clusterId: string): Promise<string[]> {
  const settings = kafkaSettings({ host: '0.0.0.0', port, controllerPort: CONTROLLER_PORT, logDir: LOG_DIR });
  const environment = { ...asEnvironment(settings), CLUSTER_ID: clusterId, KAFKA_HEAP_OPTS: '-Xms64m -Xmx256m' };
  const me = await identifyProcess(process.pid);
  return [
    ...['run', '--detach', '--rm', '--name', name, '--label', `${OWNER}=${me?.pid}/${me?.birth}`],
    ...['--publish', `127.0.0.1:${port}:${port}`, '--volume', `${name}:${LOG_DIR}`],
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    KAFKA_IMAGE,
  ];
}

async function keptClusterId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'cluster-id');
  await writeFile(file, newClusterId(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(file, 'utf8');
}

/** By its log: an engine accepts connections on a published port before the broker does. */
async function untilStarted(name: string, docker: DockerClient): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  let log = '';
  while (!log.includes('Kafka Server started')) {
    if (Date.now() > deadline) throw new Error(`Kafka did not start in its container. The end of its log:\n${log.slice(-2000)}`);
    await pause(200);
    log = await docker(['logs', name]);
  }
}

const run = promisify(execFile);

async function dockerClient(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run('docker', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout + stderr;
}
