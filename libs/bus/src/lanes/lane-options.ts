import type { BusConfig, BusLog } from '../connect/bus-config.js';
import type { TopicPartition } from '../connect/cluster-probe.js';
import type { LaneHandler } from './slice.js';

export interface LaneTuning {
  /** At most so many; partitions share them. More would make smaller transactions, and wait for each other at the heads of the same tenants. */
  readonly lanes: number;
  /** A group: one call of the handler takes about so much. */
  readonly groupRecords: number;
  readonly groupBytes: number;
  /** Groups of all lanes that are prepared or committed at once. */
  readonly groupsInHand: number;
  /** Waiting in one lane, fetched and not yet taken. */
  readonly queuedRecords: number;
  readonly queuedBytes: number;
  /** No batch may expand beyond; one that does becomes an undecodable batch. */
  readonly maxBatchBytes: number;
  /** One fetch asks for so much; the brokers answer with at least one batch, however large. */
  readonly fetchBytes: number;
  /** The broker holds a fetch without data back for so long, and stopping waits for it. */
  readonly maxWaitMs: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** How often lag, topic ids and halted partitions are looked at. */
  readonly sampleMs: number;
  /** Without an answer of any broker for so long the consumer is not ready. */
  readonly silentMs: number;
  /** Lag without progress for so long is fatal. */
  readonly stallMs: number;
  /** New consumers in a row before giving up. */
  readonly maxRestarts: number;
  readonly restartMs: number;
  /** Group offsets are told to Kafka at most so often. */
  readonly courtesyCommitMs: number;
  /** Whatever is under way when it is over is abandoned. */
  readonly stopMs: number;
}

export const DEFAULT_TUNING: LaneTuning = {
  lanes: 1,
  groupRecords: 4_500,
  groupBytes: 4_500 << 10,
  groupsInHand: 3,
  queuedRecords: 12_000,
  queuedBytes: 9 << 20,
  maxBatchBytes: 32 << 20,
  fetchBytes: 2 << 20,
  maxWaitMs: 100,
  sessionTimeoutMs: 30_000,
  heartbeatMs: 3_000,
  sampleMs: 5_000,
  silentMs: 20_000,
  stallMs: 120_000,
  maxRestarts: 10,
  restartMs: 1_000,
  courtesyCommitMs: 5_000,
  stopMs: 6_000,
};

export interface AskedPartition extends TopicPartition {
  readonly topicId: string;
}

export interface LaneConsumerOptions<P> {
  readonly config: BusConfig;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly log: BusLog;
  readonly handler: LaneHandler<P>;
  /**
   * The next offset of each partition as the store has it, in the same order; null: never seen. Asked at every
   * assignment: Kafka's own group offset is only a courtesy to lag tools. Tried again for ever when it rejects.
   */
  startOffsets(clusterId: string, partitions: readonly AskedPartition[]): Promise<readonly (bigint | null)[]>;
  /** Called once, when restarts are used up or nothing moves while there is lag. */
  onFatal(error: Error): void;
  readonly tuning?: Partial<LaneTuning>;
}
