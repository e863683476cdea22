import type { AppendHooks } from '#libs/store';

/**
 * For the fault tests: stops the process (SIGSTOP) at the named point of an append, once. `ANNALS_PAUSE_AT=before_commit`,
 * only under NODE_ENV=test. The tests then kill it or wake it late.
 */
export function pauseHooks(env: Readonly<Record<string, string | undefined>>): AppendHooks | undefined {
  const wanted = env['NODE_ENV'] === 'test' ? env['ANNALS_PAUSE_AT'] : undefined;
  if (wanted === undefined) return undefined;
  let isDone = false;
  return {
    at(point) {
      if (point !== wanted || isDone) return Promise.resolve();
      isDone = true;
      process.stdout.write(`paused at ${point}\n`);
      process.kill(process.pid, 'SIGSTOP');
      return Promise.resolve();
    },
  };
}
