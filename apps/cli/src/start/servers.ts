import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, startDockerKafka, startKafka, startPostgres, type RunningKafka } from '#libs/local-stack';
import type { DataDir } from '../data-dir.js';
import { Failure } from '../failure.js';
import type { Part } from './parts.js';
import { DEFAULT_KAFKA_PORT } from './settings.js';
import type { Print } from './steps.js';

export const LOOPBACK = '127.0.0.1';
const LOOK_AGAIN_MS = 500;

/** Says which port is in use and how to choose another, before anything is started. */
export async function requireHttpPort(port: number): Promise<void> {
  await takePort(port).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      `Port ${port} cannot be used (${error.code ?? error.message}): choose another, for example PORT=${port + 1} npm start.`,
    );
  });
}

export async function isPortFree(port: number): Promise<boolean> {
  return takePort(port).then(
    () => true,
    () => false,
  );
}

/** Takes a port of the loopback and gives it back; rejects where it cannot be had. */
function takePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, LOOPBACK, () => server.close(() => resolve()));
  });
}

export interface KafkaPart extends Part {
  readonly brokers: readonly string[];
}

export interface KafkaWishes {
  /** Without it 9092 is taken, or another that is then said. */
  readonly port: number | undefined;
  /** In a container instead of a JVM. */
  readonly docker: boolean;
}

/** The local broker. */
export async function startKafkaPart(dir: DataDir, { port, docker }: KafkaWishes, note: Print): Promise<KafkaPart> {
  const startHere = docker ? startDockerKafka : startKafka;
  const start = (on: number): Promise<RunningKafka> => startHere({ dataDir: dir.kafka, port: on, onProgress: note });
  const kafka = await start(port ?? DEFAULT_KAFKA_PORT).catch(async (error: unknown) => {
    if (port !== undefined || !isPortTaken(error)) throw error;
    const other = await freePort();
    note(`Port ${DEFAULT_KAFKA_PORT} is in use: Kafka takes ${other} (KAFKA_PORT chooses one)`);
    return start(other);
  });
  const logFile = docker ? 'shown by docker logs' : join(dir.kafka, 'broker.log');
  return { name: 'Kafka', pid: kafka.pid, logFile, ended: untilGone(kafka.pid), stop: () => kafka.stop(), brokers: kafka.brokers };
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE';
}

export interface PostgresPart extends Part {
  /** As superuser, password included. */
  readonly url: string;
}

export async function startPostgresPart(dir: DataDir, note: Print): Promise<PostgresPart> {
  const postgres = await startPostgres({ dataDir: dir.postgres, durable: true, onProgress: note });
  const { pid, url } = postgres;
  const logFile = join(dir.postgres, 'postgres.log');
  return { name: 'PostgreSQL', pid, logFile, ended: untilGone(pid), stop: () => postgres.stop(), url };
}

/** Never resolves for a process that nobody knows. */
async function untilGone(pid: number | null): Promise<void> {
  if (pid === null) return new Promise(() => undefined);
  while (isRunning(pid)) await pause(LOOK_AGAIN_MS, undefined, { ref: false });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
