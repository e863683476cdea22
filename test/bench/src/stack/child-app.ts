import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const living = new Set<ChildProcess>();

/** A Node program under measurement, in a process of its own. */
export interface ChildApp {
  readonly pid: number;
  /** Asks it to leave and waits; after 20 s it is killed. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** For messages. */
  readonly name: string;
  /** Built entry file. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
  /** Tells whether the program is ready; asked every 50 ms. */
  readonly ready: () => Promise<boolean>;
}

const START_PATIENCE_MS = 60_000;

/** Starts it with nothing of this environment but the path, and resolves when it is ready. */
export async function startChild(options: ChildOptions): Promise<ChildApp> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...(options.nodeFlags ?? []), options.entry], {
    env: { PATH, HOME, NODE_ENV: 'production', KAFKAJS_NO_PARTITIONER_WARNING: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  child.once('exit', () => living.delete(child));
  const tail = lastOutput(child);
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!(await options.ready())) {
    const ended = hasEnded(child);
    if (ended || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${options.name} ${ended ? 'ended' : 'was not ready'} while starting. The end of its output:\n${tail()}`);
    }
    await pause(50);
  }
  return { pid: child.pid ?? 0, stop: () => stopChild(child) };
}

/** For the way out: ends whatever still runs, without waiting. */
export function killChildren(): void {
  for (const child of living) child.kill('SIGKILL');
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exited;
  clearTimeout(killing);
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Output must be read, or the program stops at a full pipe. */
function lastOutput(child: ChildProcess): () => string {
  let text = '';
  const collect = (chunk: Buffer): void => void (text = (text + chunk.toString()).slice(-3_000));
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  return () => text;
}
