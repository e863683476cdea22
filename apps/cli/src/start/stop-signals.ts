const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Thrown through a start that was told to stop before it was done. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface StopSignals {
  /** Resolves with the first signal. */
  readonly first: Promise<NodeJS.Signals>;
}

/** The first Ctrl-C (or SIGTERM, SIGHUP, or the end of the npm that runs this) asks to stop; the second calls `force`. */
export function stopSignals(force: () => void): StopSignals {
  let seen = 0;
  let tell: (signal: NodeJS.Signals) => void = () => undefined;
  const first = new Promise<NodeJS.Signals>((resolve) => (tell = resolve));
  const onSignal = (signal: NodeJS.Signals): void => {
    seen += 1;
    if (seen === 1) tell(signal);
    else force();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  if (process.env['npm_lifecycle_event'] !== undefined) whenParentIsGone(() => seen === 0 && onSignal('SIGTERM'));
  return { first };
}

const LOOK_AGAIN_MS = 250;

/** npm hands a signal on to the shell it runs a script with, and a shell may end without telling us. */
function whenParentIsGone(tell: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    tell();
  }, LOOK_AGAIN_MS);
  timer.unref();
}
