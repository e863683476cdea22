import type { BusConfig, BusLog } from '../connect/bus-config.js';
import { kafkaClient } from '../connect/kafka-client.js';

export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
  /** Default: the broker's. */
  readonly replicationFactor?: number;
  readonly maxMessageBytes?: number;
  /** -1 keeps records for ever. */
  readonly retentionMs?: number;
  readonly cleanupPolicy?: 'delete' | 'compact';
}

/**
 * Creates the topics that do not exist; those that do keep their settings, which are the operator's. Harmless when
 * several processes do it at once. Returns the names created.
 */
export async function ensureTopics(config: BusConfig, log: BusLog, specs: readonly TopicSpec[]): Promise<string[]> {
  const admin = kafkaClient(config, log).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = specs.filter(({ topic }) => !existing.has(topic));
    if (missing.length === 0) return [];
    await admin.createTopics({ topics: missing.map(creation), waitForLeaders: true });
    return missing.map(({ topic }) => topic);
  } finally {
    await admin.disconnect();
  }
}

function creation({ topic, partitions, replicationFactor, maxMessageBytes, retentionMs, cleanupPolicy }: TopicSpec) {
  const settings = { 'max.message.bytes': maxMessageBytes, 'retention.ms': retentionMs, 'cleanup.policy': cleanupPolicy };
  const configEntries = Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }]));
  return { topic, numPartitions: partitions, replicationFactor: replicationFactor ?? -1, configEntries };
}
