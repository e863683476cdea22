import { setTimeout as pause } from 'node:timers/promises';
import { dataDirAt, forgetStack, makeDataDir } from '../data-dir.js';
import { explain } from '../failure.js';
import { claimDataDir } from './claim.js';
import { Parts } from './parts.js';
import type { StartConfig, StartOptions } from './settings.js';
import { LocalStack } from './stack.js';
import { Steps, type Print } from './steps.js';
import { Interrupted, stopSignals } from './stop-signals.js';

/** A server that is being started when the signal comes is waited for, so that it can be stopped in good order. */
const UNFINISHED_STEP_MS = 10_000;

/** Starts everything, tells what to try, and stays until it is told to stop (0) or something fails (1). */
export async function start(config: StartConfig, options: StartOptions, print: Print, complain: Print): Promise<number> {
  const parts = new Parts(print);
  const signals = stopSignals(() => {
    print('Stopping at once.');
    parts.kill('SIGKILL');
    process.exit(1);
  });
  const dir = dataDirAt(config.DATA_DIR);
  await makeDataDir(dir);
  await claimDataDir(dir, print);
  const giveUp = new AbortController();
  const { signal } = giveUp;
  const starting = new LocalStack({ config, options, dir, parts, steps: new Steps(print, signal), signal }).start();
  const interrupted = signals.first.then(() => Promise.reject(new Interrupted()));
  const ending = Promise.race([starting.then((lines) => stay(lines, print)), parts.death, interrupted]);
  const reason: unknown = await ending.catch((error: unknown) => error);
  const failed = !(reason instanceof Interrupted);
  if (failed) complain(explain(reason));
  if (!failed || !parts.isEmpty) print('\nStopping.');
  giveUp.abort();
  await Promise.race([starting.catch(() => undefined), pause(UNFINISHED_STEP_MS, undefined, { ref: false })]);
  const clean = await parts.stop();
  await forgetStack(dir);
  return clean && !failed ? 0 : 1;
}

function stay(lines: readonly string[], print: Print): Promise<never> {
  lines.forEach((line) => print(line));
  return new Promise(() => undefined);
}
