import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Everything the local stack keeps from run to run, and what it notes while it runs. Paths are absolute. */
export interface DataDir {
  readonly root: string;
  readonly kafka: string;
  readonly postgres: string;
  readonly logs: string;
  /** Who runs here: one claim a process. */
  readonly run: string;
  readonly jwtSecretFile: string;
  readonly trackingSecretFile: string;
  /** Where the running stack can be reached. */
  readonly stackFile: string;
  /** How far the demo's story was told. */
  readonly demoFile: string;
  /** Endpoints and keys of the providers of the demo's tenants. */
  readonly demoWebhooksFile: string;
  /** What is known of the demo's companies. */
  readonly demoCompaniesFile: string;
}

export function dataDirAt(path: string): DataDir {
  const root = resolve(path);
  const run = join(root, 'run');
  return {
    root,
    kafka: join(root, 'kafka'),
    postgres: join(root, 'postgres'),
    logs: join(root, 'logs'),
    run,
    jwtSecretFile: join(root, 'jwt-secret'),
    trackingSecretFile: join(root, 'tracking-secret'),
    stackFile: join(run, 'stack.json'),
    demoFile: join(root, 'demo.json'),
    demoWebhooksFile: join(root, 'demo-webhooks.json'),
    demoCompaniesFile: join(root, 'demo-companies.json'),
  };
}

export async function makeDataDir(dir: DataDir): Promise<void> {
  await mkdir(dir.logs, { recursive: true });
  await mkdir(dir.run, { recursive: true });
}

/** A secret of this stack, made once, so that what was made with it outlives the run. Readable by its owner only. */
export async function keptSecret(file: string): Promise<string> {
  await writeFile(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(file, 'utf8');
}

/** The secret of a stack that was started before, or `undefined`. */
export async function knownJwtSecret(dir: DataDir): Promise<string | undefined> {
  return readFile(dir.jwtSecretFile, 'utf8').catch(() => undefined);
}

/** Where a running stack can be reached. Holds a password: readable by its owner only. */
export interface StackAddresses {
  readonly http: string;
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  /** Process id of the start. */
  readonly pid: number;
}

export async function noteStack(dir: DataDir, addresses: StackAddresses): Promise<void> {
  await writeFile(dir.stackFile, JSON.stringify(addresses), { mode: 0o600 });
}

export async function forgetStack(dir: DataDir): Promise<void> {
  await rm(dir.stackFile, { force: true });
}

export async function notedStack(dir: DataDir): Promise<StackAddresses | undefined> {
  try {
    return JSON.parse(await readFile(dir.stackFile, 'utf8')) as StackAddresses;
  } catch {
    return undefined;
  }
}

const LARGE_LOG_BYTES = 20_000_000;

/** Where a process' lines go; a large file of earlier runs is put aside, the one before it given up. */
export async function logFileOf(dir: DataDir, name: string): Promise<string> {
  const file = join(dir.logs, `${name}.log`);
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LARGE_LOG_BYTES) await rename(file, `${file}.1`);
  return file;
}
