import type { Kafka } from 'kafkajs';
import { Cursor } from '../fetch/cursor.js';
import { openCluster, type ClusterInternals, type ProtocolExchange } from './cluster-internals.js';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface ClusterDescription {
  readonly clusterId: string;
  /** Topics that exist, by name. A topic that was deleted and made again has another id. */
  readonly topics: ReadonlyMap<string, { readonly topicId: string; readonly partitions: number }>;
}

interface Answer extends ClusterDescription {
  /** Topics that this client may not even know of. */
  readonly denied: ReadonlySet<string>;
  /** Topics that it may read; empty unless the rights were asked for. */
  readonly readable: ReadonlySet<string>;
}

/** Offsets of one partition as its leader knows them. */
export interface PartitionBounds {
  /** Offset of the oldest record kept. */
  readonly start: bigint;
  /** First offset after the last record. */
  readonly end: bigint;
  /** First offset after what a reader of committed records may see. */
  readonly committedEnd: bigint;
}

export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** Asks a cluster about itself, on connections of its own: it answers also while a consumer hangs. */
export class ClusterProbe {
  private readonly cluster: ClusterInternals;

  constructor(kafka: Kafka) {
    this.cluster = openCluster(kafka);
  }

  /** Rejects when no broker answers, and where this client may not know of one of the topics. */
  async describe(topics: readonly string[]): Promise<ClusterDescription> {
    await this.cluster.connect();
    const broker = await this.cluster.brokerPool.findConnectedBroker();
    const { denied, ...described } = await broker.connectionPool.send(describeTopics(topics));
    if (denied.size === 0) return described;
    throw new Error(`Kafka does not let us describe ${[...denied].join(', ')}: a right is missing (docs/operating.md lists them)`);
  }

  /** Those of the topics that this client may not read. Rejects when no broker answers. */
  async unreadable(topics: readonly string[]): Promise<string[]> {
    await this.cluster.connect();
    const broker = await this.cluster.brokerPool.findConnectedBroker();
    const { readable, topics: known, denied } = await broker.connectionPool.send(describeTopics(topics, true));
    return topics.filter((topic) => denied.has(topic) || (known.has(topic) && !readable.has(topic)));
  }

  /** By {@link partitionKey}. Rejects when a topic does not exist or a leader does not answer. */
  async bounds(partitions: readonly TopicPartition[]): Promise<Map<string, PartitionBounds>> {
    if (partitions.length === 0) return new Map();
    await this.cluster.connect();
    try {
      await this.cluster.addMultipleTargetTopics([...new Set(partitions.map(({ topic }) => topic))]);
      await this.cluster.refreshMetadataIfNecessary();
      return await this.readBounds(partitions);
    } catch (error) {
      // a stale leader is forgotten, so that the next question finds the new one
      await this.cluster.refreshMetadata().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  private async readBounds(partitions: readonly TopicPartition[]): Promise<Map<string, PartitionBounds>> {
    const [starts, ends, committed] = await Promise.all([
      this.offsets(partitions, { fromBeginning: true, isolationLevel: 0 }),
      this.offsets(partitions, { fromBeginning: false, isolationLevel: 0 }),
      this.offsets(partitions, { fromBeginning: false, isolationLevel: 1 }),
    ]);
    const bounds = new Map<string, PartitionBounds>();
    for (const [key, start] of starts) {
      const end = ends.get(key);
      const committedEnd = committed.get(key);
      if (end !== undefined && committedEnd !== undefined) bounds.set(key, { start, end, committedEnd });
    }
    return bounds;
  }

  private async offsets(partitions: readonly TopicPartition[], which: { fromBeginning: boolean; isolationLevel: 0 | 1 }) {
    const topics = [...new Set(partitions.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: partitions.filter((p) => p.topic === topic).map(({ partition }) => ({ partition })),
      fromBeginning: which.fromBeginning,
    }));
    const isolated = Object.create(this.cluster, { isolationLevel: { value: which.isolationLevel } }) as ClusterInternals;
    const answers = await isolated.fetchTopicsOffset(topics);
    return new Map(
      answers.flatMap(({ topic, partitions: found }) =>
        found.map(({ partition, offset }) => [partitionKey({ topic, partition }), BigInt(offset)] as const),
      ),
    );
  }
}

const METADATA = 3;
/** The first version that names topic ids; kafkajs stops at 6. */
const VERSION = 10;
const TOPIC_AUTHORIZATION_FAILED = 29;
/** Operation 3 of Kafka's ACLs, as a bit. */
const READ = 1 << 3;
/** Nobody asked. */
const UNKNOWN = -2_147_483_648;

function describeTopics(topics: readonly string[], withRights = false): ProtocolExchange<Answer> {
  const buffer = encodeRequest(topics, withRights);
  return {
    request: { apiKey: METADATA, apiVersion: VERSION, apiName: 'Metadata', encode: () => Promise.resolve({ buf: buffer, buffer }) },
    response: {
      decode: (raw) => Promise.resolve(decodeResponse(new Cursor(raw))),
      parse: (decoded) => Promise.resolve(decoded as Answer),
    },
  };
}

function encodeRequest(topics: readonly string[], withRights: boolean): Buffer {
  const noTags = Buffer.from([0]);
  const named = topics.flatMap((topic) => [Buffer.alloc(16), uvarint(Buffer.byteLength(topic) + 1), Buffer.from(topic), noTags]);
  // no creation of topics, nothing about rights on the cluster
  const flags = Buffer.from([0, 0, Number(withRights)]);
  // the first tag section ends the header, which kafkajs writes in its older form
  return Buffer.concat([noTags, uvarint(topics.length + 1), ...named, flags, noTags]);
}

function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

function decodeResponse(from: Cursor): Answer {
  from.skipTags();
  from.int32();
  compactList(from, () => {
    from.int32();
    from.compactString();
    from.int32();
    from.compactString();
    from.skipTags();
  });
  const clusterId = from.compactString() ?? '';
  from.int32();
  const answered = compactList(from, () => decodeTopic(from));
  const found = answered.filter(({ error }) => error === 0);
  const namesWhere = (holds: (topic: DescribedTopic) => boolean) => new Set(answered.filter(holds).map(({ name }) => name));
  return {
    clusterId,
    topics: new Map(found.map(({ name, topicId, partitions }) => [name, { topicId, partitions }])),
    denied: namesWhere(({ error }) => error === TOPIC_AUTHORIZATION_FAILED),
    readable: namesWhere(({ operations }) => (operations & READ) !== 0),
  };
}

type DescribedTopic = ReturnType<typeof decodeTopic>;

function decodeTopic(from: Cursor) {
  const error = from.int16();
  const name = from.compactString() ?? '';
  const topicId = from.take(16).toString('base64url');
  from.int8();
  const partitions = compactList(from, () => {
    from.int16();
    for (let field = 0; field < 3; field++) from.int32();
    for (let replicas = 0; replicas < 3; replicas++) compactList(from, () => from.int32());
    from.skipTags();
  }).length;
  const rights = from.int32();
  from.skipTags();
  return { error, name, topicId, partitions, operations: rights === UNKNOWN ? 0 : rights };
}

function compactList<T>(from: Cursor, item: () => T): T[] {
  return Array.from({ length: Math.max(0, from.uvarint() - 1) }, item);
}
