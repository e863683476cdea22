import type { ConsumerState } from './consumer-state.js';

/** Decides when a consumer that claims to live does not: lag, or no group, and nothing moves. */
export class Stall {
  constructor(private readonly stallMs: number) {}

  /** What is wrong, or undefined. `refusedAt`: when the handler last said "not now" (0: never). Pass the clock. */
  complaint(state: ConsumerState, refusedAt: number, now: number): string | undefined {
    const { phase, since, lagRecords, progressAt } = state;
    const seconds = Math.round(this.stallMs / 1000);
    if (phase === 'running') {
      const isStill = now - Math.max(since, progressAt, refusedAt) > this.stallMs;
      return isStill && lagRecords !== null && lagRecords > 0
        ? `no progress for ${seconds} s with a lag of ${lagRecords} records`
        : undefined;
    }
    const isJoining = phase === 'connecting' || phase === 'joining' || phase === 'rebalancing';
    return isJoining && now - since > this.stallMs ? `${phase} for ${seconds} s while the brokers answer` : undefined;
  }
}
