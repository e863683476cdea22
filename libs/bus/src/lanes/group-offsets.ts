import type { EachBatchPayload } from 'kafkajs';
import type { BusLog } from '../connect/bus-config.js';
import { partitionKey } from '../connect/cluster-probe.js';
import type { AssignedPartition } from './assigned-partition.js';

/** Tells Kafka now and then how far the group is, for lag tools. Nothing depends on it. */
export class GroupOffsets {
  private commit: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  private readonly told = new Map<string, bigint>();
  private nextAt = 0;

  constructor(
    private readonly everyMs: number,
    private readonly log: BusLog,
  ) {}

  /** The payload's own function: unlike `consumer.commitOffsets`, a failure of it does not end the consumer. */
  use(commit: EachBatchPayload['commitOffsetsIfNecessary']): void {
    this.commit = commit;
  }

  forget(): void {
    this.told.clear();
  }

  async tell(partitions: readonly AssignedPartition[], now = Date.now()): Promise<void> {
    if (now < this.nextAt) return;
    this.nextAt = now + this.everyMs;
    await this.tellNow(partitions);
  }

  async tellNow(partitions: readonly AssignedPartition[]): Promise<void> {
    const news = partitions.filter((p) => !p.halted && p.processed > 0n && this.told.get(partitionKey(p)) !== p.processed);
    if (news.length === 0 || !this.commit) return;
    const offsets = news.map((p) => ({ topic: p.topic, partitions: [{ partition: p.partition, offset: p.processed.toString() }] }));
    try {
      await this.commit({ topics: offsets });
      for (const {
        topic,
        partitions: [told],
      } of offsets)
        if (told) this.told.set(partitionKey({ topic, partition: told.partition }), BigInt(told.offset));
    } catch (error) {
      this.log.debug({ err: error }, 'group offsets were not taken');
    }
  }
}
