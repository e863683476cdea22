import type { TopicPartition } from '../connect/cluster-probe.js';

export type ConsumerPhase = 'connecting' | 'joining' | 'running' | 'rebalancing' | 'crashed' | 'stopped';

/** A partition that is not read because what the store has and what the broker has do not meet. */
export interface HaltedPartition extends TopicPartition {
  /**
   * `store_ahead_of_broker`: the broker ends before the stored offset (restored from a backup).
   * `records_expired`: the broker's oldest record lies beyond the stored offset; those between are gone from Kafka.
   */
  readonly reason: 'store_ahead_of_broker' | 'records_expired';
  readonly storedOffset: bigint;
  readonly brokerStart: bigint;
  readonly brokerEnd: bigint;
}

export interface BlockedLane {
  /** `null`: the start offsets cannot be read. */
  readonly lane: number | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly attempts: number;
  readonly message: string;
}

export interface ConsumerState {
  readonly phase: ConsumerPhase;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** It runs, but no broker has answered for a while: frozen, or cut off without a word. */
  readonly isCutOff: boolean;
  /** What the last crash was about, until a consumer runs again; or that nobody answers. */
  readonly reason: string | null;
  /** New consumers made since the last time one ran for long. */
  readonly restarts: number;
  readonly assigned: number;
  /** Assigned partitions of which is not known yet where to begin. */
  readonly starting: number;
  /** Groups that the handler refuses at the moment. */
  readonly blocked: readonly BlockedLane[];
  readonly halted: readonly HaltedPartition[];
  /** Records that the broker has and the handler has not done, as of the last sample; null before the first. */
  readonly lagRecords: number | null;
  /** When a handler last finished anything, or the partitions were assigned. */
  readonly progressAt: number;
}

/** Whether records are being taken and kept. Lag alone does not make a consumer unready. */
export function isReady(state: ConsumerState): boolean {
  return state.phase === 'running' && !state.isCutOff && state.starting === 0 && state.blocked.length === 0 && state.halted.length === 0;
}

/** What an operator does about a halted partition. */
export const REPAIR_COMMAND = 'annals offsets reset';
