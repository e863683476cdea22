import { publishFailure, type BusLog, type PublishFailure, type TopicBatch } from '#libs/bus';
import type { Receipt } from './event-producer.js';
import { NotPublished, type NotPublishedReason } from './failures.js';
import type { MadeRecord } from './make-record.js';
import { Room } from './room.js';
import { TopicQueues, type Batching, type Item } from './topic-queues.js';

export interface SenderOptions extends Batching {
  readonly maxBufferedBytes: number;
  readonly maxBlockMs: number;
  readonly deliveryTimeoutMs: number;
  /** Stands before the name of every topic. */
  readonly topicPrefix: string;
  readonly log: BusLog;
  /** Resolves when all of it is stored. */
  readonly publish: (batches: readonly TopicBatch[]) => Promise<void>;
}

/** Of a record besides key and value, about. */
const OVERHEAD_BYTES = 100;

/** Holds made records until Kafka has them: in batches, in order for each topic, one request at a time. */
export class Sender {
  private readonly queues: TopicQueues;
  private readonly room: Room;
  /** In the order of the calls, so that the first has the nearest deadline. */
  private readonly unsettled = new Set<Item>();
  private readonly flushes = new Set<{ readonly upTo: number; readonly done: () => void }>();
  private number = 0;
  private isSending = false;
  private isClosed = false;
  private sendTimer: NodeJS.Timeout | undefined;
  private sendAt = Infinity;
  private deadlineTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SenderOptions) {
    this.queues = new TopicQueues(options);
    this.room = new Room(options.maxBufferedBytes);
  }

  get bufferedBytes(): number {
    return this.room.usedBytes;
  }

  /** Resolves when there is room for another event; rejects when there is none in time. */
  async whenRoom(): Promise<void> {
    if (!(await this.room.enter(1, this.options.maxBlockMs))) throw this.failure(this.isClosed ? 'closed' : 'buffer_full');
    this.room.leave(1);
  }

  /** Resolves when all in-sync replicas have it. */
  add(record: MadeRecord): Promise<Receipt> {
    if (this.isClosed) return Promise.reject(this.failure('closed', record.id));
    return new Promise((resolve, reject) => {
      const bytes = record.value.length + record.key.length + OVERHEAD_BYTES;
      const deadline = record.madeMs + this.options.deliveryTimeoutMs;
      const item: Item = { record, bytes, number: ++this.number, deadline, tries: 0, hasRoom: false, isSettled: false, resolve, reject };
      this.unsettled.add(item);
      if (this.deadlineTimer === undefined) this.watchDeadlines();
      if (this.room.tryEnter(bytes)) this.enqueue(item);
      else void this.enqueueWhenRoom(item);
    });
  }

  /** Resolves when everything added before is stored or has failed. */
  flush(): Promise<void> {
    if (this.unsettled.size === 0) return Promise.resolve();
    return new Promise((done) => {
      this.flushes.add({ upTo: this.number, done });
      this.schedule(Date.now());
    });
  }

  /** Takes nothing more, and gives what it has so long to be stored; the rest fails as `closed`. */
  async close(patienceMs: number): Promise<void> {
    this.isClosed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    await Promise.race([this.flush(), late]);
    clearTimeout(timer);
    clearTimeout(this.sendTimer);
    for (const item of this.unsettled) this.settle(item, this.failure('closed', item.record.id, item.tries > 0));
    this.queues.dropSettled();
    this.room.close();
  }

  private async enqueueWhenRoom(item: Item): Promise<void> {
    const hasEntered = await this.room.enter(item.bytes, this.options.maxBlockMs);
    if (hasEntered && !item.isSettled) this.enqueue(item);
    else if (hasEntered) this.room.leave(item.bytes);
    else this.settle(item, this.failure(this.isClosed ? 'closed' : 'buffer_full', item.record.id));
  }

  private enqueue(item: Item): void {
    item.hasRoom = true;
    this.queues.push(item);
    this.schedule(item.record.madeMs);
  }

  /** Sees to it that the next batch is sent when it is due. */
  private schedule(nowMs: number): void {
    if (this.isSending) return;
    const isUrgent = this.flushes.size > 0;
    // cheap, since it is asked for every event
    if (!isUrgent && !this.queues.isFull && this.sendAt <= nowMs + this.options.lingerMs) return;
    const dueAt = this.queues.dueAt(isUrgent);
    if (dueAt === undefined || (dueAt >= this.sendAt && this.sendAt > nowMs)) return;
    clearTimeout(this.sendTimer);
    this.sendAt = dueAt;
    if (dueAt <= nowMs) void this.sendDue();
    else this.sendTimer = setTimeout(() => void this.sendDue(), dueAt - nowMs);
  }

  private async sendDue(): Promise<void> {
    this.isSending = true;
    this.sendTimer = undefined;
    this.sendAt = Infinity;
    while ((this.queues.dueAt(this.flushes.size > 0) ?? Infinity) <= Date.now()) {
      const left = await this.send(this.queues.take(Date.now()).filter(({ isSettled }) => !isSettled));
      const waiting = left.filter(({ isSettled }) => !isSettled);
      for (const items of byTopic(waiting).values()) this.queues.putBack(items, Date.now());
    }
    this.isSending = false;
    this.schedule(Date.now());
  }

  /** Answers with those to be tried again, in their order. */
  private async send(items: readonly Item[]): Promise<readonly Item[]> {
    if (items.length === 0) return [];
    const topics = byTopic(items);
    for (const item of items) item.tries++;
    try {
      await this.options.publish(
        [...topics].map(([topic, of]) => ({ topic: this.options.topicPrefix + topic, messages: of.map(messageOf) })),
      );
    } catch (error) {
      return this.sendOtherwise(items, topics, publishFailure(error));
    }
    for (const topic of topics.keys()) this.queues.succeeded(topic);
    for (const item of items) this.settle(item);
    return [];
  }

  /** After a failure: each topic alone, to find the one it is about; or in halves, to find the record; or later. */
  private async sendOtherwise(
    items: readonly Item[],
    topics: ReadonlyMap<string, Item[]>,
    failure: PublishFailure,
  ): Promise<readonly Item[]> {
    const { outlook, ofTopic, reason } = failure;
    this.options.log.warn({ reason, outlook, events: items.length, topics: [...topics.keys()] }, 'Kafka did not take a batch');
    if (ofTopic && topics.size > 1) {
      const left: Item[] = [];
      for (const of of topics.values()) left.push(...(await this.send(of)));
      return left;
    }
    if (outlook === 'later') return items;
    if (outlook === 'smaller' && items.length > 1) {
      const half = items.length >> 1;
      const left = await this.send(items.slice(0, half));
      return left.length > 0 ? [...left, ...items.slice(half)] : this.send(items.slice(half));
    }
    for (const item of items) this.settle(item, this.failure('refused', item.record.id, false, `${reason} on ${item.record.topic}`));
    return [];
  }

  private settle(item: Item, error?: Error): void {
    if (item.isSettled) return;
    item.isSettled = true;
    this.unsettled.delete(item);
    if (item.hasRoom) this.room.leave(item.bytes);
    if (error) item.reject(error);
    else item.resolve({ id: item.record.id });
    if (this.unsettled.size === 0) {
      clearTimeout(this.deadlineTimer);
      this.deadlineTimer = undefined;
    }
    if (this.flushes.size > 0) this.endFlushes();
  }

  private endFlushes(): void {
    const oldest = first(this.unsettled)?.number ?? Infinity;
    for (const flush of this.flushes) {
      if (oldest <= flush.upTo) continue;
      this.flushes.delete(flush);
      flush.done();
    }
  }

  private watchDeadlines(): void {
    const oldest = first(this.unsettled);
    this.deadlineTimer = oldest && setTimeout(() => this.giveUpLate(), Math.max(1, oldest.deadline - Date.now()));
  }

  private giveUpLate(): void {
    const nowMs = Date.now();
    for (const item of this.unsettled) {
      if (item.deadline > nowMs) break;
      this.settle(item, this.failure('timeout', item.record.id, item.tries > 0));
    }
    this.queues.dropSettled();
    this.watchDeadlines();
  }

  private failure(reason: NotPublishedReason, eventId = '', mayBeStored = false, detail = ''): NotPublished {
    const { maxBufferedBytes, maxBlockMs, deliveryTimeoutMs } = this.options;
    const sentences: Readonly<Record<NotPublishedReason, string>> = {
      buffer_full: `the buffer (maxBufferedBytes ${maxBufferedBytes}) had no room for ${maxBlockMs} ms: Kafka is away or slower than the events`,
      timeout: `Kafka did not acknowledge it within deliveryTimeoutMs ${deliveryTimeoutMs}`,
      refused: `Kafka refuses it: ${detail}`,
      closed: 'the producer is closed',
    };
    return new NotPublished(reason, sentences[reason], eventId, mayBeStored);
  }
}

function byTopic(items: readonly Item[]): Map<string, Item[]> {
  const topics = new Map<string, Item[]>();
  for (const item of items) {
    const of = topics.get(item.record.topic);
    if (of) of.push(item);
    else topics.set(item.record.topic, [item]);
  }
  return topics;
}

function messageOf({ record: { key, value, headers, madeMs } }: Item): TopicBatch['messages'][number] {
  return { key, value, headers, timestamp: String(madeMs) };
}

const first = (items: ReadonlySet<Item>): Item | undefined => items.values().next().value;
