import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { identifyProcess, type ProcessIdentity } from './identify-process.js';
import { stopProcess, type StopStep } from './stop-process.js';

export type OnProgress = (message: string) => void;

/** Who works on a folder of data: the server, and the run that started it. */
interface Claim {
  readonly server: Pick<ProcessIdentity, 'pid' | 'birth'>;
  readonly owner: Pick<ProcessIdentity, 'pid' | 'birth'>;
}

export interface Leftover {
  /** The file with the claim. */
  readonly claimFile: string;
  /** What is in the command line of a server of this folder, and of nothing else. */
  readonly commandMark: string;
  /** For people: "Kafka", "PostgreSQL". */
  readonly name: string;
  readonly stop: readonly StopStep[];
  readonly onProgress: OnProgress;
}

/** Notes that `serverPid` works here for this process. */
export async function writeClaim(claimFile: string, serverPid: number): Promise<void> {
  const [server, owner] = [await identifyProcess(serverPid), await identifyProcess(process.pid)];
  if (!server || !owner) return;
  const temporary = `${claimFile}.${process.pid}`;
  const claim: Claim = { server: { pid: server.pid, birth: server.birth }, owner: { pid: owner.pid, birth: owner.birth } };
  await writeFile(temporary, JSON.stringify(claim));
  await rename(temporary, claimFile);
}

/**
 * Makes the folder free: stops the server of a run that was killed, says so, and forgets the claim. A recycled pid is never
 * touched, nor is a server whose run still lives: that throws, with what to do.
 */
export async function settleLeftover(leftover: Leftover): Promise<void> {
  const claim = await readClaim(leftover.claimFile);
  if (claim && (await isSame(claim.server, leftover.commandMark))) {
    if (await isSame(claim.owner, '')) throw new Error(inUse(leftover, claim.owner.pid));
    await stopOrphan(claim.server.pid, leftover);
  }
  await rm(leftover.claimFile, { force: true });
}

/** Stops a server that no living run owns, saying so. */
export async function stopOrphan(pid: number, { name, stop, onProgress }: Omit<Leftover, 'claimFile'>): Promise<void> {
  onProgress(`Found ${name} (process ${pid}) of a run that was killed: stopping it`);
  await stopProcess(pid, stop);
}

async function readClaim(claimFile: string): Promise<Claim | undefined> {
  const text = await readFile(claimFile, 'utf8').catch(() => '');
  try {
    return JSON.parse(text) as Claim;
  } catch {
    return undefined;
  }
}

async function isSame(known: Claim['server'], commandMark: string): Promise<boolean> {
  const now = await identifyProcess(known.pid);
  return now !== undefined && now.birth === known.birth && now.command.includes(commandMark);
}

function inUse({ name, claimFile }: Leftover, owner: number): string {
  const folder = dirname(claimFile);
  return `${name} in ${folder} (${basename(claimFile)}) is in use by process ${owner}: stop that one first, or choose another folder.`;
}
