import kafkajs from 'kafkajs';
import { eventually } from './eventually.js';
import { testBrokers, uniqueName } from './run.js';

export interface TopicOptions {
  /** 1 when left out. */
  readonly partitions?: number;
  /** Topic settings, by Kafka's names. */
  readonly settings?: Readonly<Record<string, string>>;
}

const RECORD_LIMIT = 6 * 1024 * 1024;

/** A client of the run's Kafka; enough retries for the first group on a new broker. */
export function testKafka(clientId = 'annals-test', brokers: readonly string[] = testBrokers()): kafkajs.Kafka {
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  const { Kafka, logLevel } = kafkajs;
  return new Kafka({ clientId, brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 12, initialRetryTime: 100 } });
}

/** Topics of this spec alone that carry events of every open type (`crm.…`), with the product's record limit. */
export async function freshTopics(count = 1, options: TopicOptions = {}): Promise<string[]> {
  const topics = Array.from({ length: count }, () => uniqueName('crm.t'));
  await createTopics(topics, options);
  return topics;
}

/** Creates topics of given names, for instance the real ones on a Kafka of the spec's own; those that exist are left as they are. */
export async function createTopics(
  topics: readonly string[],
  { partitions = 1, settings = {} }: TopicOptions = {},
  kafka = testKafka(),
): Promise<void> {
  const admin = kafka.admin();
  const configEntries = Object.entries({ 'max.message.bytes': String(RECORD_LIMIT), ...settings }).map(([name, value]) => ({
    name,
    value,
  }));
  await admin.connect();
  try {
    await admin.createTopics({
      topics: topics.map((topic) => ({ topic, numPartitions: partitions, configEntries })),
      waitForLeaders: false,
    });
    await untilServed(admin, topics);
  } finally {
    await admin.disconnect();
  }
}

/**
 * Waits until each partition says where it ends: a broker names itself as the leader of a new partition before it serves it, and kafkajs
 * asks no second time then. Its own waiting gives up where the broker does not know the new topics yet, as one in a container often does not.
 */
async function untilServed(admin: kafkajs.Admin, topics: readonly string[]): Promise<void> {
  const served = async (): Promise<boolean> => {
    const ends = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
    return ends.every((partitions) => partitions.length > 0);
  };
  await eventually(served, { describe: `${topics.join(', ')} are served`, timeoutMs: 30_000, everyMs: 50 });
}
