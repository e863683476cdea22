import type { AskedPartition, LaneConsumerOptions } from './lane-options.js';
import type { BusSlice, CommitResult, LaneGroup, LaneHandler } from './slice.js';

export interface HandledRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | null;
  readonly value: string | null;
}

/** Keeps next offsets and records as the real store does, so that two consumers may share it. For tests. */
export class RecordingStore implements LaneHandler<LaneGroup> {
  readonly offsets = new Map<string, bigint>();
  readonly handled: HandledRecord[] = [];
  readonly undecodable: (BusSlice['undecodable'][number] & { topic: string; partition: number })[] = [];
  readonly groups: LaneGroup[] = [];
  seeks = 0;
  prepared = 0;
  /** Awaited before each commit; may reject. */
  before: (group: LaneGroup) => Promise<void> = () => Promise.resolve();

  readonly startOffsets: LaneConsumerOptions<LaneGroup>['startOffsets'] = (_cluster, partitions) =>
    Promise.resolve(partitions.map((partition) => this.offsets.get(keyOf(partition)) ?? null));

  prepare(group: LaneGroup): LaneGroup {
    this.prepared++;
    return group;
  }

  async commit(group: LaneGroup): Promise<CommitResult> {
    await this.before(group);
    const seek = group.slices.flatMap((slice) => this.take(slice));
    this.seeks += seek.length;
    this.groups.push(group);
    return { seek };
  }

  values(topic: string): (string | null)[] {
    return this.handled.filter((record) => record.topic === topic).map(({ value }) => value);
  }

  private take(slice: BusSlice): CommitResult['seek'] {
    const { topic, partition, fetchOffset, nextOffset } = slice;
    const storedOffset = this.offsets.get(keyOf(slice));
    if (storedOffset !== undefined && storedOffset < fetchOffset) return [{ topic, partition, storedOffset }];
    const isNew = ({ offset }: { offset: bigint }) => storedOffset === undefined || offset >= storedOffset;
    for (const { offset, key, value } of slice.records.filter(isNew))
      this.handled.push({ topic, partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? null });
    for (const batch of slice.undecodable.filter(isNew)) this.undecodable.push({ ...batch, topic, partition });
    if (storedOffset === undefined || nextOffset > storedOffset) this.offsets.set(keyOf(slice), nextOffset);
    return [];
  }
}

export function keyOf({ topicId, partition }: Pick<AskedPartition, 'topicId' | 'partition'>): string {
  return `${topicId}/${partition}`;
}
