import { setTimeout as pause } from 'node:timers/promises';

/** Fetches of one broker begin at least so far apart while each brings little, milliseconds. */
const APART_MS = 30;
/** An answer of so many bytes says that there is more: the next fetch begins at once. */
const MUCH = 256 * 1024;

/**
 * Keeps fetches of a broker apart while records come in a trickle: it would answer each with the few that came since the one before, and every
 * answer ends as a transaction. Where nothing comes the broker itself holds the answer back, so a first record is not delayed.
 */
export class FetchPace {
  private notBefore = 0;

  constructor(private readonly apartMs = APART_MS) {}

  /** Resolves when the next fetch may begin. */
  async next(): Promise<void> {
    const now = performance.now();
    if (this.notBefore > now) await pause(this.notBefore - now);
    this.notBefore = performance.now() + this.apartMs;
  }

  brought(bytes: number): void {
    if (bytes >= MUCH) this.notBefore = 0;
  }
}
