import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from './identify-process.js';

const OWNER = 'owner.json';

/**
 * A folder for one run, readable by the account PostgreSQL runs as. Folders of runs that were killed are removed first:
 * `settle` stops what still works in them.
 */
export async function temporaryFolder(purpose: string, settle: (abandoned: string) => Promise<void>): Promise<string> {
  const prefix = `annals-${purpose}-`;
  await sweep(prefix, settle);
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o711);
  const owner = await identifyProcess(process.pid);
  await writeFile(join(folder, OWNER), JSON.stringify(owner && { pid: owner.pid, birth: owner.birth }));
  return folder;
}

async function sweep(prefix: string, settle: (abandoned: string) => Promise<void>): Promise<void> {
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
