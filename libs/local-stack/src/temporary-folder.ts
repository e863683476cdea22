import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { identifyProcess } from './identify-process.js';

const OWNER = 'owner.json';

type Settle = (abandoned: string) => Promise<void>;

/** Starts something in the folder given, or in a temporary one, which goes again if the start fails. */
export async function startIn<T>(
  given: string | undefined,
  purpose: string,
  settle: Settle,
  start: (folder: string) => Promise<T>,
): Promise<T> {
  if (given !== undefined) {
    const folder = resolve(given);
    await mkdir(folder, { recursive: true });
    await settle(folder);
    return start(folder);
  }
  const folder = await temporaryFolder(purpose, settle);
  try {
    return await start(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * A folder for one run, readable by the account PostgreSQL runs as. Folders of runs that were killed are removed first:
 * `settle` stops what still works in them.
 */
async function temporaryFolder(purpose: string, settle: Settle): Promise<string> {
  const prefix = `annals-${purpose}-`;
  await sweep(prefix, settle);
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o711);
  const owner = await identifyProcess(process.pid);
  await writeFile(join(folder, OWNER), JSON.stringify(owner && { pid: owner.pid, birth: owner.birth }));
  return folder;
}

async function sweep(prefix: string, settle: Settle): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    if (!(await isAbandoned(folder))) continue;
    await settle(folder).then(
      () => rm(folder, { recursive: true, force: true }),
      () => undefined, // another run is sweeping it, or it belongs to another user
    );
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, OWNER), 'utf8').catch(() => '');
  try {
    const owner = JSON.parse(text) as { pid: number; birth: string };
    return (await identifyProcess(owner.pid))?.birth !== owner.birth;
  } catch {
    return false; // being made right now, or not ours
  }
}
