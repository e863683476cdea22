import kafkajs, { type Kafka, type Message, type Producer } from 'kafkajs';
import { INPUT_TOPICS, OUTPUT_TOPICS } from '#libs/contracts';
import type { BenchStack } from '../stack/start-stack.js';
import { generateEvents, STRUCTURED, type GeneratedRecord, type GenerateOptions } from './generate.js';

export const PARTITIONS = 6;
const RECORDS_A_REQUEST = 2_000;

function client({ brokers }: BenchStack): Kafka {
  return new kafkajs.Kafka({ brokers: [...brokers], clientId: 'annals-bench', logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 20 } });
}

/** Makes annals' topics, and any others that are named. */
export async function createTopics(stack: BenchStack, topics: readonly string[] = [...INPUT_TOPICS, ...OUTPUT_TOPICS]): Promise<void> {
  const admin = client(stack).admin();
  await admin.connect();
  try {
    await admin.createTopics({ waitForLeaders: true, topics: topics.map((topic) => ({ topic, numPartitions: PARTITIONS })) });
  } finally {
    await admin.disconnect();
  }
}

export interface TopicEnd {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next record. */
  readonly end: string;
}

/** Where annals' input topics end at this moment. */
export async function topicEnds(stack: BenchStack): Promise<TopicEnd[]> {
  const admin = client(stack).admin();
  await admin.connect();
  try {
    const ends = INPUT_TOPICS.map(async (topic) =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ topic, partition, end: high })),
    );
    return (await Promise.all(ends)).flat();
  } finally {
    await admin.disconnect();
  }
}

/** Publishes a set of events, uncompressed; with `topic` all of them there instead of on their own topics. */
export async function publish(stack: BenchStack, options: GenerateOptions, topic?: string): Promise<void> {
  const producer = client(stack).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, idempotent: true });
  await producer.connect();
  try {
    let waiting: GeneratedRecord[] = [];
    for (const record of generateEvents(options)) {
      waiting.push(topic === undefined ? record : { ...record, topic });
      if (waiting.length < RECORDS_A_REQUEST) continue;
      await send(producer, waiting);
      waiting = [];
    }
    if (waiting.length > 0) await send(producer, waiting);
  } finally {
    await producer.disconnect();
  }
}

async function send(producer: Producer, records: readonly GeneratedRecord[]): Promise<void> {
  const byTopic = new Map<string, Message[]>();
  for (const { topic, key, value } of records) {
    const messages = byTopic.get(topic) ?? [];
    messages.push({ key, value, headers: STRUCTURED });
    byTopic.set(topic, messages);
  }
  await producer.sendBatch({ acks: -1, topicMessages: [...byTopic].map(([topic, messages]) => ({ topic, messages })) });
}
