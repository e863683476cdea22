import { setTimeout as pause } from 'node:timers/promises';
import { identifyProcess } from './identify-process.js';

/** A signal and how many milliseconds the process may take to obey it. */
export type StopStep = readonly [signal: NodeJS.Signals, patienceMs: number];

/** Sends the signals in turn until the process is gone; only ever to the process that had this pid at the call. */
export async function stopProcess(pid: number, steps: readonly StopStep[]): Promise<void> {
  const target = await identifyProcess(pid);
  if (!target) return;
  const isGone = async (): Promise<boolean> => (await identifyProcess(pid))?.birth !== target.birth;
  for (const [signal, patienceMs] of steps) {
    if (await isGone()) return;
    send(pid, signal);
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (await isGone()) return;
      await pause(10);
    }
  }
  if (!(await isGone())) throw new Error(`Process ${pid} does not stop: ${target.command.slice(0, 120)}`);
}

/** Sends a signal; a process that is gone already is no fault. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
