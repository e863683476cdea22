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

/** A path PostgreSQL must reach, and what to do where its account cannot. */
export interface Way {
  readonly path: string;
  readonly remedy: string;
}

/** How to start a program of PostgreSQL: as whom, and through what. */
export interface RunAs {
  readonly account: PostgresAccount | undefined;
  readonly through: readonly string[];
}

/**
 * Under root's own home, which others may not enter, the account is lent the right to pass closed folders (Linux capabilities,
 * by `setpriv`), and no other right of root. Where that does not work, throws a sentence that names the folder and the remedy.
 */
export async function howToRun(account: PostgresAccount | undefined, ways: readonly Way[], mayPass = setprivWorks): Promise<RunAs> {
  if (!account) return { account, through: [] };
  for (const { path, remedy } of ways) {
    const folder = await closedFolder(path, account);
    if (folder === undefined) continue;
    const through = setpriv(account);
    if (await mayPass(through)) return { account: undefined, through };
    throw new Error(closed(path, folder, account, remedy));
  }
  return { account, through: [] };
}

async function closedFolder(path: string, account: PostgresAccount): Promise<string | undefined> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** `no_setuid_fixup`, because PostgreSQL also asks access(2) whether it may run itself. */
function setpriv({ uid, gid }: PostgresAccount): string[] {
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  return ['setpriv', '--securebits=+no_setuid_fixup', ...identity, '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
}

async function setprivWorks([program = '', ...args]: readonly string[]): Promise<boolean> {
  return run(program, [...args, 'true']).then(
    () => true,
    () => false,
  );
}

function closed(path: string, folder: string, { uid }: PostgresAccount, remedy: string): string {
  return `You are root, so PostgreSQL runs as user ${uid}, and that user may not enter ${folder}, on the way to ${path}: ${remedy}, or run as another user.`;
}
