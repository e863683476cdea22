import { APPENDED_TOPIC, DEAD_LETTER_TOPIC, TOPICS } from '#libs/contracts';
import type { TopicSpec } from '#libs/bus';

const MiB = 1024 * 1024;
const WEEK_MS = 7 * 86_400_000;
const FOUR_WEEKS_MS = 4 * WEEK_MS;

/** Room for a dead letter's headers beside the largest record that can become one. */
const DEAD_LETTER_BYTES = 8 * MiB;
const RECORD_BYTES = 6 * MiB;

export interface TopicWishes {
  readonly partitions: number;
  /** The brokers' default when left out. */
  readonly replicationFactor?: number;
  /** `KAFKA_TOPIC_PREFIX`: stands before every name. */
  readonly prefix: string;
}

/**
 * Every topic annals reads and writes. The log keeps what the topics forget: a week is for catching up after a long
 * outage, four for looking at dead letters. All input topics have the same number of partitions, for ingest joins equal numbers.
 */
export function topicSpecs({ partitions, replicationFactor, prefix }: TopicWishes): TopicSpec[] {
  return TOPICS.map((topic) => ({
    topic: prefix + topic,
    partitions,
    ...(replicationFactor !== undefined && { replicationFactor }),
    maxMessageBytes: topic === DEAD_LETTER_TOPIC || topic === APPENDED_TOPIC ? DEAD_LETTER_BYTES : RECORD_BYTES,
    retentionMs: topic === DEAD_LETTER_TOPIC ? FOUR_WEEKS_MS : WEEK_MS,
    cleanupPolicy: 'delete',
  }));
}
