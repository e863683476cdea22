import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { explained } from '../connect/access-fault.js';
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
 * several processes do it at once. Returns the names created. Where Kafka refuses us it rejects with a sentence that says so.
 */
export async function ensureTopics(config: BusConfig, log: BusLog, specs: readonly TopicSpec[]): Promise<string[]> {
  const admin = kafkaClient(config, log).admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const missing = specs.filter(({ topic }) => !existing.has(topic));
    if (missing.length === 0) return [];
    const created = missing.map(({ topic }) => topic);
    await admin.createTopics({ topics: missing.map(creation), waitForLeaders: false });
    await untilLed(admin, created);
    return created;
  } catch (error) {
    throw explained(error, config, `create ${specs.map(({ topic }) => topic).join(', ')}`);
  } finally {
    await admin.disconnect();
  }
}

const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 50;

/** kafkajs' own waiting gives up when a broker that has just started does not know the new topic yet. */
async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const late = Date.now() > deadline;
    try {
      const { topics: found } = await admin.fetchTopicMetadata({ topics });
      if (found.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
      if (late) throw new Error(`no leader for ${topics.join(', ')}`);
    } catch (error) {
      if (late || !(error as { retriable?: boolean }).retriable) throw error;
    }
    await pause(LOOK_AGAIN_MS);
  }
}

function creation({ topic, partitions, replicationFactor, maxMessageBytes, retentionMs, cleanupPolicy }: TopicSpec) {
  const settings = { 'max.message.bytes': maxMessageBytes, 'retention.ms': retentionMs, 'cleanup.policy': cleanupPolicy };
  const configEntries = Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }]));
  return { topic, numPartitions: partitions, replicationFactor: replicationFactor ?? -1, configEntries };
}
