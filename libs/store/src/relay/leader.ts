import { setTimeout as sleep } from 'node:timers/promises';
import { leaderLock, type Leadership } from './leader-lock.js';

/** Where a leader says what it does; pino's loggers are such. */
export interface LeaderLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** Work that one instance of all does. */
export interface LedJob {
  readonly name: string;
  /** Does some of it; true when there may be more at once. Rejecting means "not now". */
  act(): Promise<boolean>;
  /** Looks again after so long, nudged or not. */
  readonly idleMs: number;
}

const CANDIDATE_MS = 3_000;
const LONGEST_BACKOFF_MS = 10_000;
const STOP_MS = 2_000;

/** Does a job while this process is the one that leads it; waits to take over otherwise. */
export class Leader {
  private readonly abort = new AbortController();
  private wake = new AbortController();
  private ended: Promise<void> | undefined;
  private lastFailure: string | undefined;

  constructor(
    private readonly url: string,
    private readonly job: LedJob,
    private readonly logger: LeaderLog,
  ) {}

  start(): void {
    this.ended ??= this.run();
  }

  get name(): string {
    return this.job.name;
  }

  /** Why the job is not done at the moment; undefined while it is, and where another process leads. */
  get failure(): string | undefined {
    return this.lastFailure;
  }

  /** There may be something to do. */
  nudge(): void {
    this.wake.abort();
  }

  /** Resolves when the act under way has ended, or soon after: every job may be broken off anywhere. */
  async stop(): Promise<void> {
    this.abort.abort();
    await Promise.race([this.ended, sleep(STOP_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    for (; !signal.aborted; await this.pause(CANDIDATE_MS)) {
      const leadership = await leaderLock(this.url, this.job.name).catch(() => null);
      if (!leadership) continue;
      this.logger.info({ job: this.job.name }, 'leading');
      await this.lead(leadership);
      this.lastFailure = undefined;
      await leadership.release().catch(() => undefined);
    }
  }

  private async lead(leadership: Leadership): Promise<void> {
    const over = new AbortController();
    void leadership.lost.then(() => {
      over.abort();
      this.nudge();
    });
    for (let failures = 0; !this.abort.signal.aborted && !over.signal.aborted;) {
      this.wake = new AbortController();
      try {
        const hasMore = await this.job.act();
        failures = 0;
        this.lastFailure = undefined;
        if (!hasMore) await this.pause(this.job.idleMs, this.wake.signal);
      } catch (err) {
        failures++;
        this.lastFailure = err instanceof Error ? err.message : 'failed';
        this.logger.warn({ err, job: this.job.name, failures }, 'not done, trying again');
        await this.pause(Math.min(LONGEST_BACKOFF_MS, 100 * 2 ** failures));
      }
    }
  }

  private async pause(ms: number, wake?: AbortSignal): Promise<void> {
    const signal = wake ? AbortSignal.any([this.abort.signal, wake]) : this.abort.signal;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
