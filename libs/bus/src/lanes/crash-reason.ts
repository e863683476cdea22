import { accessFault, brokersAnswer } from '../connect/access-fault.js';
import type { ClusterProbe } from '../connect/cluster-probe.js';
import type { LaneConsumerOptions } from './lane-options.js';

/** One sentence about a crash; where a right is missing it names the topics or the group. */
export async function crashReason(
  error: unknown,
  probe: Pick<ClusterProbe, 'unreadable'>,
  { config, groupId, topics }: Pick<LaneConsumerOptions<never>, 'config' | 'groupId' | 'topics'>,
): Promise<string> {
  const asked =
    brokersAnswer(error) === 'TOPIC_AUTHORIZATION_FAILED'
      ? `read ${(await unreadable(probe, topics)).join(', ')}`
      : `work as a member of the group ${groupId}`;
  return accessFault(error, config, asked) ?? (error instanceof Error ? error.message : String(error));
}

/** Kafka does not say which; all of them, where it cannot be found out. */
async function unreadable(probe: Pick<ClusterProbe, 'unreadable'>, topics: readonly string[]): Promise<readonly string[]> {
  const found = await probe.unreadable(topics).catch(() => []);
  return found.length > 0 ? found : topics;
}
