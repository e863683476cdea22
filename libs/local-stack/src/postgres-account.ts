import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account PostgreSQL runs as where this process is root, which PostgreSQL refuses to be. */
export interface PostgresAccount {
  readonly uid: number;
  readonly gid: number;
}

/** `undefined`: this process' own account will do. Else the owner of `clusterDir`, if it exists, or `postgres`, or `nobody`. */
export async function postgresAccount(clusterDir: string): Promise<PostgresAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await accountNamed('postgres')) ?? (await accountNamed('nobody')) ?? refuse();
}

async function accountNamed(name: string): Promise<PostgresAccount | undefined> {
  const id = (flag: string): Promise<number> => run('id', [flag, name]).then(({ stdout }) => Number(stdout));
  return Promise.all([id('-u'), id('-g')]).then(
    ([uid, gid]) => ({ uid, gid }),
    () => undefined,
  );
}

function refuse(): never {
  throw new Error(
    'PostgreSQL does not run as root, and there is no account "postgres" or "nobody": run this as another user, or set DATABASE_URL.',
  );
}

/** Throws a sentence that names the folder on the way to `path` which the account may not enter. */
export async function requireWay(path: string, account: PostgresAccount | undefined, remedy: string): Promise<void> {
  if (!account) return;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) throw new Error(closed(path, folder, account, remedy));
    if (folder === dirname(folder)) return;
  }
}

function closed(path: string, folder: string, { uid }: PostgresAccount, remedy: string): string {
  return `You are root, so PostgreSQL runs as user ${uid}, and that user may not enter ${folder}, on the way to ${path}: ${remedy}, or run as another user.`;
}
