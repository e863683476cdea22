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
  /** True once something before the slice has been committed: the store then has an offset to hold it against. */
  isKnown(slice: BusSlice): boolean;
  done(group: LaneGroup, result: CommitResult): void;
}

/** Under way at once. The second stands in the database behind the locks of the first, and goes on the moment they are free. */
const COMMITS_AT_ONCE = 2;

/** One worker over one queue: groups are committed in order, the next one is prepared meanwhile. */
export class Lane<P> {
  readonly queue: LaneQueue;
  failure: LaneFailure | undefined;
  private readonly abort = new AbortController();
  private readonly ended: Promise<void>;
  /** Oldest first. */
  private readonly commits: Promise<void>[] = [];
  /** Slots of the groups that are committed and of the one that is prepared behind them. */
  private readonly held = new Set<GiveBack>();

  constructor(
    readonly number: number,
    limits: QueueLimits,
    private readonly owner: LaneOwner<P>,
  ) {
    this.queue = new LaneQueue(limits);
    this.ended = this.work();
  }

  /** Takes nothing more; resolves when the commits under way have ended, however they ended. */
  stop(): Promise<void> {
    this.abort.abort();
    this.queue.notify();
    return this.ended;
  }

  private get stopped(): boolean {
    return this.abort.signal.aborted;
  }

  private async work(): Promise<void> {
    const { queue, commits } = this;
    // while a commit runs more may gather: one larger transaction instead of two small ones
    const mayBegin = () => !queue.isEmpty && (commits.length === 0 || (queue.fillsGroup && !this.failure));
    while (!this.stopped) {
      await queue.until(() => this.stopped || mayBegin());
      if (this.stopped || queue.isEmpty) continue;
      const giveBack = await this.owner.slots.take();
      if (this.stopped || queue.isEmpty) {
        giveBack();
        continue;
      }
      this.held.add(giveBack);
      const group = this.nextGroup();
      const prepared = await this.untilDone(group, () => this.owner.handler.prepare(group));
      await this.untilMayCommit(group);
      if (prepared) this.begin(group, prepared.value, giveBack);
      else this.release(giveBack);
    }
    await Promise.all(commits);
  }

  /** What is first of its partition waits for all others: nothing in the store would say that one of them is missing. */
  private async untilMayCommit(group: LaneGroup): Promise<void> {
    const mayFollow = group.slices.every((slice) => this.owner.isKnown(slice));
    while (this.commits.length >= (mayFollow ? COMMITS_AT_ONCE : 1)) await this.commits[0];
  }

  private begin(group: LaneGroup, prepared: P, giveBack: GiveBack): void {
    const ended = this.commit(group, prepared, this.commits.at(-1)).finally(() => {
      void this.commits.shift();
      this.release(giveBack);
      this.queue.notify();
    });
    this.commits.push(ended);
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

  /** Tells how it ended after the one before has. */
  private async commit(group: LaneGroup, prepared: P, before: Promise<void> | undefined): Promise<void> {
    const result = this.isWanted(group) ? await this.untilDone(group, () => this.owner.handler.commit(prepared), before) : undefined;
    await before;
    if (!result) return;
    this.owner.done(group, result.value);
    for (const { release } of group.slices) release?.();
  }

  private isWanted(group: LaneGroup): boolean {
    return !this.stopped && group.slices.some((slice) => this.owner.isCurrent(slice));
  }

  /** Tries for ever, again only behind the one before; undefined once nobody wants the group any more. A lane that has to wait holds up no other. */
  private async untilDone<T>(group: LaneGroup, act: () => T | Promise<T>, before?: Promise<void>): Promise<{ value: T } | undefined> {
    for (let attempt = 1; attempt === 1 || this.isWanted(group); attempt++) {
      try {
        const value = await act();
        this.failure = undefined;
        return { value };
      } catch (error) {
        for (const giveBack of this.held) this.release(giveBack);
        this.note(attempt, error);
        await pause(backoffMs(attempt, 100, 10_000), this.abort.signal);
        await before;
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
