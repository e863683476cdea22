import { setTimeout as pause } from 'node:timers/promises';
import { dataDirAt, forgetStack, makeDataDir } from '../data-dir.js';
import { claimDataDir } from './claim.js';
import { Parts } from './parts.js';
import type { StartConfig, StartOptions } from './settings.js';
import { LocalStack } from './stack.js';
import { Steps, type Print } from './steps.js';
import { Interrupted, stopSignals } from './stop-signals.js';

/** A server that is being started when the signal comes is waited for, so that it can be stopped in good order. */
const UNFINISHED_STEP_MS = 10_000;

/** Starts everything, tells what to try, and stays until it is told to stop (0) or a part ends by itself (throws). */
export async function start(config: StartConfig, options: StartOptions, print: Print): Promise<number> {
  const parts = new Parts(print);
  const signals = stopSignals(() => {
    print('Stopping at once.');
    parts.kill('SIGKILL');
    process.exit(1);
  });
  const dir = dataDirAt(config.DATA_DIR);
  await makeDataDir(dir);
  await claimDataDir(dir, print);
  const starting = new LocalStack({ config, options, dir, parts, steps: new Steps(print) }).start();
  const interrupted = signals.first.then(() => Promise.reject(new Interrupted()));
  const ending = Promise.race([starting.then((lines) => stay(lines, print)), parts.death, interrupted]);
  const reason: unknown = await ending.catch((error: unknown) => error);
  if (reason instanceof Interrupted || !parts.isEmpty) print('\nStopping.');
  await Promise.race([starting.catch(() => undefined), pause(UNFINISHED_STEP_MS, undefined, { ref: false })]);
  const clean = await parts.stop();
  await forgetStack(dir);
  if (!(reason instanceof Interrupted)) throw reason;
  return clean ? 0 : 1;
}

function stay(lines: readonly string[], print: Print): Promise<never> {
  lines.forEach((line) => print(line));
  return new Promise(() => undefined);
}
