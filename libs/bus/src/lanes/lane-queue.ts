import type { UnreadBatches } from '../fetch/read-batches.js';
import { type BusSlice, headOf, splitSlice } from './slice.js';

export interface QueueLimits {
  /** Of one group. */
  readonly groupRecords: number;
  readonly groupBytes: number;
  /** Of the queue: beyond, the lane is not fetched. */
  readonly queuedRecords: number;
  readonly queuedBytes: number;
  /** No batch may expand beyond; one that does becomes an undecodable batch. */
  readonly maxBatchBytes: number;
}

interface Queued {
  readonly slice: BusSlice;
  readonly bytes: number;
  /** Records that are still to be read; `slice` then has none. */
  readonly unread: UnreadBatches | undefined;
}

const countOf = ({ slice, unread }: Queued): number => unread?.count ?? slice.records.length;

/**
 * Slices of one lane between the fetch and the commit, bounded in records and bytes. Records are read when a group takes
 * them: until then a slice is bytes, which costs the garbage collector nothing.
 */
export class LaneQueue {
  private items: Queued[] = [];
  private records = 0;
  private bytes = 0;
  private watchers: { when: () => boolean; wake: () => void }[] = [];

  constructor(private readonly limits: QueueLimits) {}

  get isEmpty(): boolean {
    return this.items.length === 0;
  }
  get isFull(): boolean {
    return this.records >= this.limits.queuedRecords || this.bytes >= this.limits.queuedBytes;
  }
  /** Little enough is left that fetching should go on. */
  get hasRoom(): boolean {
    return this.records < this.limits.queuedRecords / 2 && this.bytes < this.limits.queuedBytes / 2;
  }
  get fillsGroup(): boolean {
    return this.records >= this.limits.groupRecords || this.bytes >= this.limits.groupBytes;
  }

  push(slice: BusSlice, bytes: number, unread?: UnreadBatches): void {
    this.items.push({ slice, bytes, unread });
    this.recount();
    this.notify();
  }

  /** As much as one group takes, at least one slice; empty only where the queue is. */
  take(): BusSlice[] {
    const taken: BusSlice[] = [];
    let records = 0;
    let bytes = 0;
    for (let next = this.items[0]; next; next = this.items[0]) {
      const room = this.limits.groupRecords - records;
      if (taken.length > 0 && (room <= 0 || bytes >= this.limits.groupBytes)) break;
      const { slice, bytes: size } = this.shift(this.opened(next), Math.max(1, room));
      taken.push(slice);
      records += slice.records.length;
      bytes += size;
    }
    this.notify();
    return taken;
  }

  /** Forgets the slices of one partition. */
  drop(topic: string, partition: number): void {
    const kept = this.items.filter(({ slice }) => slice.topic !== topic || slice.partition !== partition);
    this.items = kept;
    this.recount();
    this.notify();
  }

  /** Resolves once `when` holds; it is asked after every change. */
  until(when: () => boolean): Promise<void> {
    if (when()) return Promise.resolve();
    return new Promise((wake) => this.watchers.push({ when, wake }));
  }

  /** Asks everyone who waits again. */
  notify(): void {
    const ready = this.watchers.filter(({ when }) => when());
    this.watchers = this.watchers.filter((watcher) => !ready.includes(watcher));
    for (const { wake } of ready) wake();
  }

  /** The first item with its records; what is beyond one group stays bytes behind it. */
  private opened(first: Queued): Queued {
    const { slice, bytes, unread } = first;
    if (!unread) return first;
    const { groupBytes, maxBatchBytes } = this.limits;
    const budget = { maxBatchBytes, expandedBytesLeft: groupBytes };
    const { records, undecodable, nextOffset } = unread.read(slice.fetchOffset, budget);
    const isWhole = nextOffset >= slice.nextOffset;
    const onTheWire = isWhole ? bytes : Math.ceil(bytes / 2);
    const head: Queued = {
      slice: isWhole ? { ...slice, nextOffset, records, undecodable } : headOf(slice, { nextOffset, records, undecodable }),
      // a few compressed kilobytes may hold megabytes alive
      bytes: Math.max(onTheWire, groupBytes - budget.expandedBytesLeft),
      unread: undefined,
    };
    this.items[0] = head;
    if (!isWhole) this.items.splice(1, 0, { slice: { ...slice, fetchOffset: nextOffset }, bytes: bytes - onTheWire, unread });
    return head;
  }

  private shift({ slice, bytes }: Queued, maxRecords: number): Queued {
    const isWhole = slice.records.length <= maxRecords;
    const [head, rest] = isWhole ? [slice] : splitSlice(slice, maxRecords);
    const headBytes = isWhole ? bytes : Math.ceil((bytes * maxRecords) / slice.records.length);
    if (rest) this.items[0] = { slice: rest, bytes: bytes - headBytes, unread: undefined };
    else this.items.shift();
    this.recount();
    return { slice: head, bytes: headBytes, unread: undefined };
  }

  private recount(): void {
    this.records = this.items.reduce((sum, item) => sum + countOf(item), 0);
    this.bytes = this.items.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
