import type { PartitionAssigner } from 'kafkajs';
import type { ClusterInternals } from '../connect/cluster-internals.js';
import { AssignerProtocol } from '../connect/kafkajs.js';

const NAME = 'annals-lanes';
const VERSION = 1;

/** Equal partition numbers of all topics go to the same member: together they are a lane. */
export function lanesOf(
  members: readonly string[],
  partitions: ReadonlyMap<string, readonly number[]>,
): Map<string, Record<string, number[]>> {
  const sorted = [...members].sort();
  const assigned = new Map<string, Record<string, number[]>>(sorted.map((member) => [member, {}]));
  for (const [topic, numbers] of partitions) {
    for (const partition of numbers) {
      const mine = assigned.get(sorted[partition % sorted.length] ?? '') ?? {};
      (mine[topic] ??= []).push(partition);
    }
  }
  return assigned;
}

/** {@link lanesOf} as an assigner of kafkajs. `onCluster` receives the consumer's own cluster object. */
export function laneAssigner(onCluster: (cluster: ClusterInternals) => void): PartitionAssigner {
  return ({ cluster }) => {
    const inner = cluster as unknown as ClusterInternals;
    onCluster(inner);
    return {
      name: NAME,
      version: VERSION,
      assign: ({ members, topics }) => {
        const partitions = new Map(topics.map((topic) => [topic, inner.findTopicPartitionMetadata(topic).map((p) => p.partitionId)]));
        const ids = members.map(({ memberId }) => memberId);
        return Promise.resolve(
          [...lanesOf(ids, partitions)].map(([memberId, assignment]) => ({ memberId, memberAssignment: encode(assignment) })),
        );
      },
      protocol: ({ topics }) => ({
        name: NAME,
        metadata: AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.alloc(0) }),
      }),
    };
  };
}

function encode(assignment: Record<string, number[]>): Buffer {
  return AssignerProtocol.MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) });
}
