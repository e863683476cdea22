import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import type { RunAs } from './postgres-account.js';

/** Like `spawn`; the process that runs in the end is `program`, with the pid of the child. */
export function spawnAs({ account, through }: RunAs, program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const [file = program, ...before] = [...through, program];
  return spawn(file, [...before, ...args], { ...options, ...account });
}
