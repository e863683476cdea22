const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Thrown through a start that was told to stop before it was done. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface StopSignals {
  /** Resolves with the first signal. */
  readonly first: Promise<NodeJS.Signals>;
  /** Gives the signals back to whoever had them. */
  ignore(): void;
}

/** The first Ctrl-C (or SIGTERM, SIGHUP) asks to stop; the second calls `force`. */
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
  return {
    first,
    ignore: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
