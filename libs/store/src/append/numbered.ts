import type { DeadLetter, PreparedEvent } from './types.js';

/** An event with its place in the log, decided under the head lock. */
export interface NumberedEvent {
  readonly prepared: PreparedEvent;
  readonly position: number;
  /** Microseconds since the epoch. */
  readonly appendedAt: bigint;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Where a record that cannot be accepted came from. */
export interface PlacedDeadLetter {
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly letter: DeadLetter;
}
