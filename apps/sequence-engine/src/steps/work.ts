import { setTimeout as pause } from 'node:timers/promises';

export interface WorkLog {
  warn(details: object, message: string): void;
}

const IDLE_MS = 500;
const LONGEST_BACKOFF_MS = 10_000;

/** Does something again and again until it is stopped; any number of processes may. `act` answers with how much there was to do. */
export class Work {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly name: string,
    private readonly act: () => Promise<number>,
    private readonly logger: WorkLog,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when what is in hand is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted;) {
      try {
        const done = await this.act();
        failures = 0;
        if (done === 0) await this.pause(IDLE_MS);
      } catch (err) {
        failures++;
        this.logger.warn({ err, work: this.name, failures }, 'not done, trying again');
        await this.pause(Math.min(LONGEST_BACKOFF_MS, 100 * 2 ** failures));
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
