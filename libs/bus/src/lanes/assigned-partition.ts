import { partitionKey, type PartitionBounds, type TopicPartition } from '../connect/cluster-probe.js';
import type { HaltedPartition } from './consumer-state.js';

/** One partition while it is assigned to this member. */
export interface AssignedPartition extends TopicPartition {
  topicId: string;
  /** Another one whenever the partition is begun anew; slices of an earlier epoch are void. */
  epoch: number;
  /** Where the next fetch has to begin; undefined until it is known. */
  expected: bigint | undefined;
  /** Something of this epoch has been committed. */
  isKnown: boolean;
  /** First offset the handler has not done. */
  processed: bigint;
  committedEnd: bigint | undefined;
  halted: HaltedPartition | undefined;
}

let lastEpoch = 0;

/** Makes everything read so far void. */
export function renew(partition: AssignedPartition, expected?: bigint): void {
  partition.epoch = ++lastEpoch;
  partition.expected = expected;
  partition.isKnown = false;
}

/** Everything before `processed` is done. */
export function advance(partition: AssignedPartition, processed: bigint): void {
  partition.processed = processed;
  partition.isKnown = true;
}

export class Assignment {
  private readonly byKey = new Map<string, AssignedPartition>();
  /** Of each partition number, so that they share the lanes evenly whichever of them this member has. */
  private readonly lanes: ReadonlyMap<number, number>;

  constructor(assigned: Readonly<Record<string, readonly number[]>> = {}, lanes = 1) {
    const numbers = [...new Set(Object.values(assigned).flat())].sort((a, b) => a - b);
    this.lanes = new Map(numbers.map((number, rank) => [number, rank % lanes]));
    for (const [topic, partitions] of Object.entries(assigned))
      for (const partition of partitions) {
        const fresh = {
          topic,
          partition,
          topicId: '',
          epoch: ++lastEpoch,
          expected: undefined,
          isKnown: false,
          processed: 0n,
          committedEnd: undefined,
          halted: undefined,
        };
        this.byKey.set(partitionKey(fresh), fresh);
      }
  }

  get(topic: string, partition: number): AssignedPartition | undefined {
    return this.byKey.get(partitionKey({ topic, partition }));
  }

  all(): AssignedPartition[] {
    return [...this.byKey.values()];
  }

  /** The slice's partition, unless the slice is void by now. */
  owning({ topic, partition, epoch }: TopicPartition & { readonly epoch: number }): AssignedPartition | undefined {
    const found = this.get(topic, partition);
    return found?.epoch === epoch ? found : undefined;
  }

  /** The same for equal partition numbers of all topics. */
  laneOf(partition: number): number {
    return this.lanes.get(partition) ?? 0;
  }

  ofLane(lane: number): AssignedPartition[] {
    return this.all().filter(({ partition }) => this.laneOf(partition) === lane);
  }

  /** Records known to be at the broker and not done; undefined while that is not known of every partition. */
  lag(): number | undefined {
    let sum = 0n;
    for (const { committedEnd, processed, halted } of this.all()) {
      if (committedEnd === undefined) return undefined;
      if (!halted && committedEnd > processed) sum += committedEnd - processed;
    }
    return Number(sum);
  }
}

/** Where to begin a partition, or why not at all. Never seen before: at the oldest record there is. */
export function startOf(
  { topic, partition }: TopicPartition,
  stored: bigint | null,
  bounds: PartitionBounds,
): { readonly begin: bigint } | { readonly halted: HaltedPartition } {
  if (stored === null) return { begin: bounds.start };
  if (stored >= bounds.start && stored <= bounds.end) return { begin: stored };
  const reason = stored > bounds.end ? 'store_ahead_of_broker' : 'records_expired';
  return { halted: { topic, partition, reason, storedOffset: stored, brokerStart: bounds.start, brokerEnd: bounds.end } };
}
