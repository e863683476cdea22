import type { BusLog } from '../connect/bus-config.js';
import { backoffMs, pause } from './backoff.js';
import { LaneQueue, type QueueLimits } from './lane-queue.js';
import type { GiveBack, Slots } from './slots.js';
import type { BusSlice, CommitResult, LaneGroup, LaneHandler } from './slice.js';

/** A group that cannot be committed at the moment. */
export interface LaneFailure {
  /** Of the first attempt that failed, milliseconds since the epoch. */
  readonly since: number;
  readonly lastAt: number;
  readonly attempts: number;
  readonly message: string;
}

export interface LaneOwner<P> {
  readonly clusterId: () => string;
  readonly handler: LaneHandler<P>;
  readonly log: BusLog;
  /** Shared by all lanes. */
  readonly slots: Slots;
  /** False once the slice's partition was taken away or read again from elsewhere. */
  isCurrent(slice: BusSlice): boolean;
  done(group: LaneGroup, result: CommitResult): void;
}

/** One worker over one queue: groups are committed in order, the next one is prepared meanwhile. */
export class Lane<P> {
  readonly queue: LaneQueue;
  failure: LaneFailure | undefined;
  private readonly abort = new AbortController();
  private readonly ended: Promise<void>;
  /** Slots of the group that is committed and of the one that is prepared behind it. */
  private readonly held = new Set<GiveBack>();

  constructor(
    readonly number: number,
    limits: QueueLimits,
    private readonly owner: LaneOwner<P>,
  ) {
    this.queue = new LaneQueue(limits);
    this.ended = this.work();
  }

  /** Takes nothing more; resolves when the commit under way has ended, however it ended. */
  stop(): Promise<void> {
    this.abort.abort();
    this.queue.notify();
    return this.ended;
  }

  private get stopped(): boolean {
    return this.abort.signal.aborted;
  }

  private async work(): Promise<void> {
    let committing = Promise.resolve();
    let isBusy = false;
    const { queue } = this;
    while (!this.stopped) {
      // while a commit runs more may gather: one larger transaction instead of two small ones
      await queue.until(() => this.stopped || (!queue.isEmpty && (!isBusy || (queue.fillsGroup && !this.failure))));
      if (this.stopped || queue.isEmpty) continue;
      const giveBack = await this.owner.slots.take();
      if (this.stopped || queue.isEmpty) {
        giveBack();
        continue;
      }
      this.held.add(giveBack);
      const group = this.nextGroup();
      const prepared = await this.untilDone(group, () => this.owner.handler.prepare(group));
      await committing;
      if (!prepared) {
        this.release(giveBack);
        continue;
      }
      isBusy = true;
      committing = this.commit(group, prepared.value).finally(() => {
        isBusy = false;
        this.release(giveBack);
        queue.notify();
      });
    }
    await committing;
  }

  private release(giveBack: GiveBack): void {
    this.held.delete(giveBack);
    giveBack();
  }

  private nextGroup(): LaneGroup {
    const slices = this.queue.take();
    const records = slices.reduce((sum, slice) => sum + slice.records.length, 0);
    return { lane: this.number, clusterId: this.owner.clusterId(), slices, records };
  }

  private async commit(group: LaneGroup, prepared: P): Promise<void> {
    if (!this.isWanted(group)) return;
    const result = await this.untilDone(group, () => this.owner.handler.commit(prepared));
    if (!result) return;
    this.owner.done(group, result.value);
    for (const { release } of group.slices) release?.();
  }

  private isWanted(group: LaneGroup): boolean {
    return !this.stopped && group.slices.some((slice) => this.owner.isCurrent(slice));
  }

  /** Tries for ever; undefined once nobody wants the group any more. A lane that has to wait holds up no other. */
  private async untilDone<T>(group: LaneGroup, act: () => T | Promise<T>): Promise<{ value: T } | undefined> {
    for (let attempt = 1; attempt === 1 || this.isWanted(group); attempt++) {
      try {
        const value = await act();
        this.failure = undefined;
        return { value };
      } catch (error) {
        for (const giveBack of this.held) this.release(giveBack);
        this.note(attempt, error);
        await pause(backoffMs(attempt, 100, 10_000), this.abort.signal);
      }
    }
    this.failure = undefined;
    return undefined;
  }

  private note(attempts: number, error: unknown): void {
    const now = Date.now();
    const message = error instanceof Error ? error.message : String(error);
    this.failure = { since: this.failure?.since ?? now, lastAt: now, attempts, message };
    this.owner.log.warn({ lane: this.number, attempts, err: error }, 'a batch could not be committed, trying again');
  }
}
