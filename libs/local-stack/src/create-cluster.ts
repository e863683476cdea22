import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import type { PostgresAccount, RunAs } from './postgres-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { spawnAs } from './spawn-as.js';

export const POSTGRES_USER = 'postgres';
export const POSTGRES_DATABASE = 'annals';

export interface NewCluster extends PostgresBinaries {
  /** The folder to make; its parent exists. */
  readonly cluster: string;
  readonly password: string;
  /** Who owns the files. */
  readonly account: PostgresAccount | undefined;
  readonly runAs: RunAs;
  readonly durable: boolean;
}

/** Makes a cluster with the database `annals`. All or nothing: an interrupted run leaves no `cluster` behind. */
export async function createCluster(wanted: NewCluster): Promise<void> {
  const { cluster, account, runAs, initdb, postgres, password } = wanted;
  const draft = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  await rm(draft, { recursive: true, force: true });
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account) for (const path of [draft, passwordFile]) await chown(path, account.uid, account.gid);
    const flags = ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', ...(wanted.durable ? [] : ['--no-sync'])];
    await finish(runAs, initdb, ['-D', draft, `--username=${POSTGRES_USER}`, `--pwfile=${passwordFile}`, ...flags], draft);
    // single-user mode: no port, no client library, no password on a wire
    await finish(runAs, postgres, ['--single', '-D', draft, 'postgres'], draft, `CREATE DATABASE ${POSTGRES_DATABASE}\n`);
    await rename(draft, cluster);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

function finish(runAs: RunAs, program: string, args: string[], cwd: string, input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawnAs(runAs, program, args, { cwd, stdio: 'pipe', env: { ...process.env, LC_ALL: 'C' } });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`PostgreSQL could not create its cluster (exit code ${code}):\n${output.slice(-2000)}`));
    });
    child.stdin?.end(input);
  });
}
