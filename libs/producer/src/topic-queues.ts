import type { Receipt } from './event-producer.js';
import type { MadeRecord } from './make-record.js';

/** One event on its way. */
export interface Item {
  readonly record: MadeRecord;
  readonly bytes: number;
  /** Of all events of the producer, in the order of the calls. */
  readonly number: number;
  /** Milliseconds since the Unix epoch. */
  readonly deadline: number;
  /** How often it was sent. */
  tries: number;
  /** Whether it takes room in the buffer. */
  hasRoom: boolean;
  isSettled: boolean;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: Error) => void;
}

interface Queue {
  items: Item[];
  failures: number;
  /** Not before; milliseconds since the Unix epoch. */
  retryAt: number;
}

export interface Batching {
  /** How long the first event of a batch waits for others, milliseconds. */
  readonly lingerMs: number;
  /** Characters of keys and values of one request, about. */
  readonly maxBatchBytes: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** What waits to be sent, a queue for each topic: one that fails holds up no other, and keeps its order. */
export class TopicQueues {
  private readonly queues = new Map<string, Queue>();
  private bytes = 0;

  constructor(private readonly batching: Batching) {}

  push(item: Item): void {
    const queue = this.queues.get(item.record.topic) ?? { items: [], failures: 0, retryAt: 0 };
    this.queues.set(item.record.topic, queue);
    queue.items.push(item);
    this.bytes += item.bytes;
  }

  get isFull(): boolean {
    return this.bytes >= this.batching.maxBatchBytes;
  }

  /** When the next batch is due, milliseconds since the Unix epoch; undefined: nothing waits. */
  dueAt(isUrgent: boolean): number | undefined {
    let due: number | undefined;
    for (const { items, retryAt } of this.queues.values()) {
      const [first] = items;
      if (first === undefined) continue;
      const lingers = isUrgent || this.isFull || first.tries > 0 ? 0 : first.record.madeMs + this.batching.lingerMs;
      const at = Math.max(retryAt, lingers);
      if (due === undefined || at < due) due = at;
    }
    return due;
  }

  /** The oldest of every topic that is not waiting for its next try, as many as one request takes. */
  take(nowMs: number): Item[] {
    const taken: Item[] = [];
    let room = this.batching.maxBatchBytes;
    for (const [topic, queue] of [...this.queues]) {
      if (queue.retryAt > nowMs || room <= 0) continue;
      const count = fitting(queue.items, room);
      for (const item of queue.items.splice(0, count)) {
        room -= item.bytes;
        this.bytes -= item.bytes;
        taken.push(item);
      }
      // to the end of the line: each topic gets its turn
      this.queues.delete(topic);
      if (queue.items.length > 0 || queue.failures > 0) this.queues.set(topic, queue);
    }
    return taken;
  }

  /** Items of one topic that could not be sent, back to where they were; the topic pauses. */
  putBack(items: readonly Item[], nowMs: number): void {
    const [first] = items;
    if (first === undefined) return;
    const queue = this.queues.get(first.record.topic) ?? { items: [], failures: 0, retryAt: 0 };
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(queue.failures, 10)) * (0.75 + Math.random() / 2);
    this.queues.set(first.record.topic, { items: [...items, ...queue.items], failures: queue.failures + 1, retryAt: nowMs + pause });
    for (const { bytes } of items) this.bytes += bytes;
  }

  /** The topic takes records again. */
  succeeded(topic: string): void {
    const queue = this.queues.get(topic);
    if (!queue || queue.failures === 0) return;
    queue.failures = 0;
    queue.retryAt = 0;
    if (queue.items.length === 0) this.queues.delete(topic);
  }

  /** Forgets those that nobody waits for any more. */
  dropSettled(): void {
    this.bytes = 0;
    for (const queue of this.queues.values()) {
      queue.items = queue.items.filter(({ isSettled }) => !isSettled);
      for (const { bytes } of queue.items) this.bytes += bytes;
    }
  }
}

/** How many of the first items one request takes: at least one. */
function fitting(items: readonly Item[], bytes: number): number {
  let count = 0;
  for (let sum = 0; count < items.length; count++) {
    sum += items[count]?.bytes ?? 0;
    if (sum > bytes && count > 0) break;
  }
  return count;
}
