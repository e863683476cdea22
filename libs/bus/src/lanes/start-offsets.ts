import { type ClusterProbe, partitionKey, type TopicPartition } from '../connect/cluster-probe.js';
import { startOf } from './assigned-partition.js';
import type { LaneConsumerOptions } from './lane-options.js';

export interface PartitionStart {
  readonly topicId: string;
  readonly start: ReturnType<typeof startOf>;
}

/** Where each partition begins, in the order given: what the store says, held against what the broker has. */
export async function readStarts(
  probe: ClusterProbe,
  { topics, startOffsets }: Pick<LaneConsumerOptions<never>, 'topics' | 'startOffsets'>,
  partitions: readonly TopicPartition[],
): Promise<{ clusterId: string; starts: PartitionStart[] }> {
  const { clusterId, topics: existing } = await probe.describe(topics);
  const asked = partitions.map(({ topic, partition }) => ({ topic, partition, topicId: existing.get(topic)?.topicId ?? '' }));
  const gone = asked.find(({ topicId }) => topicId === '');
  if (gone) throw new Error(`topic ${gone.topic} does not exist`);
  const stored = await startOffsets(clusterId, asked);
  const bounds = await probe.bounds(partitions);
  const starts = asked.map((partition, i) => {
    const known = bounds.get(partitionKey(partition));
    if (!known) throw new Error(`partition ${partitionKey(partition)} does not exist`);
    return { topicId: partition.topicId, start: startOf(partition, stored[i] ?? null, known) };
  });
  return { clusterId, starts };
}
