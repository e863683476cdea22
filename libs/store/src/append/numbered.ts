import type { ActivityEvent } from '#libs/contracts';
import type { EventOrigin } from '../prepare/encoded-rows.js';
import type { RecordPlace } from '../prepare/event-columns.js';
import type { DeadLetter, EventRecord, PreparedEvent, Slice } from './types.js';

/** An event with its place in the log, decided under the head lock. */
export class NumberedEvent implements RecordPlace, EventOrigin {
  constructor(
    private readonly slice: Slice,
    private readonly record: EventRecord,
    readonly position: number,
    /** Microseconds since the epoch. */
    readonly appendedAt: bigint,
  ) {}

  get prepared(): PreparedEvent {
    return this.record.prepared;
  }

  get topic(): string {
    return this.slice.topic;
  }

  get partition(): number {
    return this.slice.partition;
  }

  get offset(): bigint {
    return this.record.offset;
  }

  event(): ActivityEvent {
    return this.prepared.event();
  }

  raw(): ReturnType<EventRecord['raw']> {
    return this.record.raw();
  }
}

/** Where a record that cannot be accepted came from. */
export interface PlacedDeadLetter {
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly letter: DeadLetter;
}
