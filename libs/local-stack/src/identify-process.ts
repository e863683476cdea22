import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A running process, told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Differs between two processes that ever had the same pid, also across reboots. */
  readonly birth: string;
  readonly command: string;
}

/** `undefined` where no such process runs; a zombie counts as gone. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (!isRunning(pid)) return undefined;
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function identifyByProc(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // the second field is the program's name in brackets and may itself hold brackets and spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  if (started === undefined || state === 'Z' || state === 'X') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return { pid, birth: `${boot.trim()}/${started}`, command: command.replaceAll('\0', ' ') };
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | undefined> {
  const ps = (field: string): Promise<string> =>
    run('ps', ['-ww', '-o', `${field}=`, '-p', String(pid)]).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  const [state, birth, command] = [await ps('state'), await ps('lstart'), await ps('command')];
  return birth === '' || state.startsWith('Z') ? undefined : { pid, birth, command };
}
