import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, guardProcess, stopProcess } from '#libs/local-stack';
import { eventually } from './eventually.js';

export interface SpawnOptions {
  /** What to wait for: the answer 200 of a health check, or a line of its log. `ready` when left out. */
  readonly until?: 'ready' | 'live' | RegExp;
  readonly args?: readonly string[];
  /** 30,000 when left out. */
  readonly timeoutMs?: number;
}

/** A built app that runs as a process of its own. */
export interface SpawnedApp {
  readonly pid: number;
  /** `http://127.0.0.1:<PORT>`. */
  readonly url: string;
  /** Everything it has printed, both streams. */
  readonly logs: () => string;
  /** Settles when the process has ended. */
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM, and SIGKILL after 15 s; harmless when it has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts `dist/apps/<name>` on a free port (`PORT`, `HEALTH_PORT`) and resolves when it is ready; rejects with its log if it ends or
 * is not ready in time. It ends with the process of the spec, but stop it in `afterAll`.
 */
export async function spawnApp(name: string, env: Readonly<Record<string, string>>, options: SpawnOptions = {}): Promise<SpawnedApp> {
  const { until = 'ready', args = [], timeoutMs = 30_000 } = options;
  const port = env.PORT ?? env.HEALTH_PORT ?? String(await freePort());
  const child = spawn(process.execPath, [entryOf(name), ...args], {
    env: { ...inherited(), ...LOOPBACK, PORT: port, HEALTH_PORT: port, WEBHOOK_PORT: port, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const app = describeApp(child, `http://127.0.0.1:${port}`);
  try {
    await eventually(() => isReady(app, child, until), { describe: `${name} is ${String(until)}`, timeoutMs });
    if (hasEnded(child)) throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}`);
  } catch (cause) {
    await app.stop();
    throw new Error(`${(cause as Error).message}\n${app.logs().slice(-4000)}`, { cause });
  }
  return app;
}

function entryOf(name: string): string {
  const entry = join(repositoryRoot(), 'dist', 'apps', name, 'src', 'main.js');
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run "npm run build" first.`);
  return entry;
}

/** The same from the sources and from dist. */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'nest-cli.json'))) folder = dirname(folder);
  return folder;
}

const LOOPBACK = { HOST: '127.0.0.1', HEALTH_HOST: '127.0.0.1', WEBHOOK_HOST: '127.0.0.1' };

/** A spec says what its app is told: addresses of the developer's own shell must not slip in. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, TZ } = process.env;
  return { PATH, HOME, TMPDIR, LANG, TZ };
}

function describeApp(child: ChildProcess, url: string): SpawnedApp {
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const pid = child.pid as number;
  const unguard = guardProcess(pid, 'KILL');
  const exit = once(child, 'close').then(([code, signal]) => {
    unguard();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const stop = async (): Promise<void> => {
    // a process that is stopped by SIGSTOP would not hear anything else
    if (!hasEnded(child)) child.kill('SIGCONT');
    if (!hasEnded(child))
      await stopProcess(pid, [
        ['SIGTERM', 15_000],
        ['SIGKILL', 5_000],
      ]);
    await exit;
  };
  return { pid, url, logs: () => output, exit, kill: (signal) => void child.kill(signal), stop };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function isReady(app: SpawnedApp, child: ChildProcess, until: 'ready' | 'live' | RegExp): Promise<boolean> {
  if (hasEnded(child)) return true; // no use in waiting: the caller looks
  if (until instanceof RegExp) return until.test(app.logs());
  return (await fetch(`${app.url}/health/${until}`)).ok;
}
