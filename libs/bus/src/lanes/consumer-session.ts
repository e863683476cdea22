import type { Consumer, EachBatchPayload } from 'kafkajs';
import { type ClusterProbe, partitionKey } from '../connect/cluster-probe.js';
import { kafkaClient } from '../connect/kafka-client.js';
import { fetchedOf, fetchSlices } from '../fetch/fetch-slices.js';
import { advance, type AssignedPartition, Assignment, renew } from './assigned-partition.js';
import { laneAssigner } from './assign-lanes.js';
import { backoffMs, pause } from './backoff.js';
import { type BlockedLane, type ConsumerPhase, REPAIR_COMMAND } from './consumer-state.js';
import { GroupOffsets } from './group-offsets.js';
import { Lane } from './lane.js';
import type { LaneConsumerOptions, LaneTuning } from './lane-options.js';
import type { CommitResult, LaneGroup } from './slice.js';
import { Slots } from './slots.js';
import { type PartitionStart, readStarts } from './start-offsets.js';

/** A full lane is given so long to make room before it is paused. */
const SHORTLY_MS = 10;

/** One kafkajs consumer from connecting to its crash or stop, and the lanes it feeds. */
export class ConsumerSession<P> {
  progressAt = Date.now();
  /** Rejects when the consumer crashes. */
  readonly crashed: Promise<never>;
  private assignment = new Assignment();
  private generation = 0;
  private clusterId = '';
  private startFailure: BlockedLane | undefined;
  private readonly lanes = new Map<number, Lane<P>>();
  private readonly abort = new AbortController();
  private readonly slots: Slots;
  private readonly consumer: Consumer;
  private readonly groupOffsets: GroupOffsets;

  constructor(
    private readonly options: LaneConsumerOptions<P>,
    private readonly tuning: LaneTuning,
    private readonly probe: ClusterProbe,
    private readonly onPhase: (phase: ConsumerPhase) => void,
  ) {
    this.slots = new Slots(tuning.groupsInHand);
    this.groupOffsets = new GroupOffsets(tuning.courtesyCommitMs, options.log);
    this.consumer = this.createConsumer();
    const { GROUP_JOIN, REBALANCING, CRASH } = this.consumer.events;
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.joined(payload.memberAssignment));
    this.consumer.on(REBALANCING, () => this.onPhase('rebalancing'));
    this.crashed = new Promise((_, reject) => this.consumer.on(CRASH, ({ payload }) => reject(payload.error)));
    this.crashed.catch(() => undefined);
  }

  /** Resolves when the consumer has joined its group. */
  async start(): Promise<void> {
    this.onPhase('connecting');
    await this.consumer.connect();
    this.onPhase('joining');
    await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // batches are only handed over, so none should wait for another
      partitionsConsumedConcurrently: 256,
      eachBatch: (payload) => this.take(payload),
    });
  }

  /** Finishes the commits under way, at most until the deadline, then leaves the group. */
  async stop(deadlineMs: number): Promise<void> {
    this.abort.abort();
    await within(deadlineMs * 0.6, Promise.all([...this.lanes.values()].map((lane) => lane.stop())));
    await within(deadlineMs * 0.1, this.groupOffsets.tellNow(this.assignment.all()));
    await within(deadlineMs * 0.3, this.consumer.disconnect());
  }

  get partitions(): readonly AssignedPartition[] {
    return this.assignment.all();
  }

  get lag(): number | undefined {
    return this.assignment.lag();
  }

  get blocked(): BlockedLane[] {
    const lanes = [...this.lanes.values()].flatMap(({ number, failure }) => (failure ? [{ lane: number, ...failure }] : []));
    return this.startFailure ? [this.startFailure, ...lanes] : lanes;
  }

  /** When the handler last said "not now": it is asked again, so that is not a stall. 0 for never. */
  get refusedAt(): number {
    const lanes = [...this.lanes.values()].map(({ failure }) => failure?.lastAt ?? 0);
    return Math.max(this.startFailure ? Date.now() : 0, ...lanes);
  }

  /** Looks up lag and topic ids, and whether a halted partition was repaired. Rejects when the brokers do not answer. */
  async sample(): Promise<void> {
    const partitions = this.assignment.all();
    if (partitions.length === 0) return;
    const { topics } = await this.probe.describe(this.options.topics);
    const isReplaced = ({ topic, topicId }: AssignedPartition) => topicId !== '' && (topics.get(topic)?.topicId ?? topicId) !== topicId;
    for (const { topic, partition } of partitions.filter(isReplaced))
      this.options.log.warn({ topic, partition }, 'the topic was deleted and made again: it is read from where the store knows it');
    const again = partitions.filter((partition) => partition.halted !== undefined || isReplaced(partition));
    if (again.length > 0 && !this.startFailure) void this.begin(again);
    const bounds = await this.probe.bounds(partitions);
    for (const partition of partitions) partition.committedEnd = bounds.get(partitionKey(partition))?.committedEnd;
    await this.groupOffsets.tell(partitions);
  }

  private createConsumer(): Consumer {
    const { tuning } = this;
    return kafkaClient(this.options.config, this.options.log).consumer({
      groupId: this.options.groupId,
      partitionAssigners: [laneAssigner(fetchSlices)],
      sessionTimeout: tuning.sessionTimeoutMs,
      heartbeatInterval: tuning.heartbeatMs,
      maxWaitTimeInMs: tuning.maxWaitMs,
      maxBytes: tuning.fetchBytes,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      // kafkajs restarts after some crashes and stays dead after others: the supervisor treats all alike
      retry: { initialRetryTime: 100, maxRetryTime: 3_000, retries: 8, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  /** Runs before the first fetch of a generation: nothing is read until the store has said from where. */
  private joined(assigned: Readonly<Record<string, readonly number[]>>): void {
    this.generation++;
    for (const partition of this.assignment.all()) this.void(partition);
    this.assignment = new Assignment(assigned, this.tuning.lanes);
    this.groupOffsets.forget();
    this.progressAt = Date.now();
    this.onPhase('running');
    const partitions = this.assignment.all();
    this.options.log.info({ partitions: partitions.length, generation: this.generation }, 'partitions assigned');
    if (partitions.length > 0) void this.begin(partitions);
  }

  /** Stops reading the partitions and begins them anew where the store says. Tries until that is known. */
  private async begin(partitions: readonly AssignedPartition[], delayMs = 0): Promise<void> {
    const { generation } = this;
    const isOver = () => this.abort.signal.aborted || generation !== this.generation;
    for (const partition of partitions) this.void(partition);
    this.consumer.pause(partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
    if (delayMs > 0) await pause(delayMs, this.abort.signal);
    for (let attempt = 1; !isOver(); attempt++) {
      try {
        const { clusterId, starts } = await readStarts(this.probe, this.options, partitions);
        this.clusterId = clusterId;
        if (!isOver()) partitions.forEach((partition, i) => this.beginAt(partition, starts[i] as PartitionStart));
        this.startFailure = undefined;
        return;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.startFailure = { lane: null, since: this.startFailure?.since ?? Date.now(), attempts: attempt, message };
        this.options.log.warn({ attempts: attempt, err: error }, 'start offsets cannot be read, trying again');
        await pause(backoffMs(attempt, 100, 5_000), this.abort.signal);
      }
    }
  }

  private beginAt(partition: AssignedPartition, { topicId, start }: PartitionStart): void {
    partition.topicId = topicId;
    if ('begin' in start) {
      partition.halted = undefined;
      return this.readFrom(partition, start.begin);
    }
    const { reason, storedOffset, brokerStart, brokerEnd } = start.halted;
    const offsets = { stored: storedOffset.toString(), brokerStart: brokerStart.toString(), brokerEnd: brokerEnd.toString() };
    const { topic, partition: number } = partition;
    if (!partition.halted)
      this.options.log.error({ topic, partition: number, reason, ...offsets }, `the partition is halted, see ${REPAIR_COMMAND}`);
    partition.halted = start.halted;
  }

  private readFrom(partition: AssignedPartition, offset: bigint): void {
    this.void(partition);
    renew(partition, offset);
    partition.processed = offset;
    const { topic, partition: number } = partition;
    this.consumer.seek({ topic, partition: number, offset: offset.toString() });
    this.consumer.resume([{ topic, partitions: [number] }]);
  }

  private void(partition: AssignedPartition): void {
    renew(partition);
    for (const { queue } of this.lanes.values()) queue.drop(partition.topic, partition.partition);
  }

  private async take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    this.groupOffsets.use((offsets) => payload.commitOffsetsIfNecessary(offsets));
    const fetched = fetchedOf(batch);
    const assigned = this.assignment.get(batch.topic, batch.partition);
    if (!fetched || assigned?.expected === undefined || this.abort.signal.aborted) return;
    if (fetched.isOutOfRange) return void this.begin([assigned], 500);
    const { topic, topicId, partition, epoch, expected } = assigned;
    // fetched before a seek: what is wanted is asked for again
    if (fetched.fetchOffset !== expected) return this.consumer.seek({ topic, partition, offset: expected.toString() });
    payload.resolveOffset(batch.lastOffset());
    const { fetchOffset, unread, bytes, release } = fetched;
    assigned.expected = unread.nextOffset;
    const lane = this.lane(this.assignment.laneOf(partition));
    lane.queue.push(
      { topic, topicId, partition, epoch, fetchOffset, nextOffset: unread.nextOffset, records: [], undecodable: [], release },
      bytes,
      unread,
    );
    if (lane.queue.isFull) await this.hold(lane);
  }

  /** A full lane is waited for shortly, which stops all fetching, and then paused alone. */
  private async hold({ number, queue }: Lane<P>): Promise<void> {
    const { generation } = this;
    const hasRoom = queue.until(() => queue.hasRoom);
    await Promise.race([hasRoom, pause(SHORTLY_MS, this.abort.signal)]);
    if (queue.hasRoom || this.abort.signal.aborted || generation !== this.generation) return;
    const flowing = () =>
      this.assignment
        .ofLane(number)
        .filter(({ expected }) => expected !== undefined)
        .map(({ topic, partition }) => ({ topic, partitions: [partition] }));
    this.consumer.pause(flowing());
    void hasRoom.then(() => {
      if (!this.abort.signal.aborted && generation === this.generation) this.consumer.resume(flowing());
    });
  }

  private lane(number: number): Lane<P> {
    const existing = this.lanes.get(number);
    if (existing) return existing;
    const { log, handler } = this.options;
    const lane = new Lane<P>(number, this.tuning, {
      ...{ log, handler, slots: this.slots, clusterId: () => this.clusterId },
      isCurrent: (slice) => this.assignment.owning(slice) !== undefined,
      isKnown: (slice) => this.assignment.owning(slice)?.isKnown === true,
      done: (group, result) => this.done(group, result),
    });
    this.lanes.set(number, lane);
    return lane;
  }

  private done(group: LaneGroup, { seek }: CommitResult): void {
    for (const slice of group.slices) {
      const partition = this.assignment.owning(slice);
      const behind = seek.find(({ topic, partition: number }) => topic === slice.topic && number === slice.partition);
      if (!partition || this.abort.signal.aborted) continue;
      if (behind) this.readFrom(partition, behind.storedOffset);
      else advance(partition, slice.nextOffset);
    }
    this.progressAt = Date.now();
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  await Promise.race([work.catch(() => undefined), pause(ms, enough.signal)]);
  enough.abort();
}
