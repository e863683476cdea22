const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Thrown through a start that was told to stop before it was done. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface StopSignals {
  /** Resolves with the first signal. */
  readonly first: Promise<NodeJS.Signals>;
}

/** A terminal sends Ctrl-C to the whole group, and the npm in it hands its own on: the same key comes twice. */
const ONE_KEY_MS = 1000;

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP, or the end of the npm that runs this) asks to stop; another, more than a second later,
 * calls `force`. `now` in milliseconds.
 */
export function stopSignals(force: () => void, now: () => number = () => performance.now()): StopSignals {
  let firstAt: number | undefined;
  let tell: (signal: NodeJS.Signals) => void = () => undefined;
  const first = new Promise<NodeJS.Signals>((resolve) => (tell = resolve));
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = now();
      tell(signal);
    } else if (now() - firstAt > ONE_KEY_MS) force();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  if (process.env['npm_lifecycle_event'] !== undefined) whenParentIsGone(() => firstAt === undefined && onSignal('SIGTERM'));
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
