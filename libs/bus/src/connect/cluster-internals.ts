import type { Kafka } from 'kafkajs';

/** A request and what reads its answer, as kafkajs' connections take them. */
export interface ProtocolExchange<T> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: { decode(raw: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<T> };
}

export interface ConnectionPool {
  send<T>(exchange: ProtocolExchange<T>): Promise<T>;
  readonly pool: readonly Connection[];
}

/** How a connection makes answers of what comes in. */
export interface Connection {
  /** Takes what the socket brought next. */
  processData(chunk: Buffer): void;
  /** What came in and does not make an answer yet. */
  chunks: readonly Buffer[];
  bytesBuffered: number;
  /** Of the answer that comes next, or what tells its size. */
  bytesNeeded: number;
  /** Not null while it logs in. */
  readonly authHandlers: object | null;
  /** Another one after each reconnect. */
  readonly socket: object | undefined;
  readonly requestQueue: {
    /** `payload` is what follows the correlation id. An answer to nothing that was asked is logged. */
    fulfillRequest(answer: { readonly size: number; readonly correlationId: number; readonly payload: Buffer }): void;
  };
}

export interface FetchRequest {
  readonly maxBytes: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
  }[];
}

export interface BrokerInternals {
  connectionPool: ConnectionPool;
  fetch: (this: BrokerInternals, request: FetchRequest) => Promise<unknown>;
}

interface TopicOffsets {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}

/** The part of kafkajs' inner `Cluster` that this lib leans on. kafkajs 2.2.4 is its last version, and pinned. */
export interface ClusterInternals {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findBroker(which: { nodeId: string }): Promise<BrokerInternals>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[];
  fetchTopicsOffset(
    topics: readonly { topic: string; partitions: readonly { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<readonly TopicOffsets[]>;
  readonly brokerPool: { findConnectedBroker(): Promise<BrokerInternals> };
}

/** A connection of its own to the cluster, for the questions kafkajs' admin client does not ask. */
export function openCluster(kafka: Kafka): ClusterInternals {
  const inner = kafka as unknown as Record<symbol, (options: object) => ClusterInternals>;
  const key = Object.getOwnPropertySymbols(kafka).find((symbol) => symbol.description === 'private:Kafka:createCluster');
  const create = key && inner[key];
  if (!create) throw new Error('this kafkajs is not the version the bus was written for');
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false });
}
