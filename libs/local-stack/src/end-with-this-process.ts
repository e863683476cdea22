const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const endings = new Set<() => void>();

/**
 * Runs `end` (synchronous, must not throw) when this process ends by itself, by `process.exit`, by an uncaught error or by a
 * signal that nobody else handles. A signal that the program does handle is left to it. Returns the way to take it back.
 *
 * Not run on SIGKILL: what is left then is found by the next start (`claimFolder`, `temporaryFolder`).
 */
export function endWithThisProcess(end: () => void): () => void {
  if (endings.size === 0) {
    process.on('exit', runEndings);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  endings.add(end);
  return () => {
    endings.delete(end);
    if (endings.size > 0) return;
    process.off('exit', runEndings);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

function runEndings(): void {
  for (const end of endings) end();
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  runEndings();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}
