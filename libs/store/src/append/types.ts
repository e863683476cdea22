import type { ActivityEvent, AwaitedVersion, EventEffect, Rejection } from '#libs/contracts';

/** What an append must know of an accepted event to decide, and its rows or how to make them. */
export interface PreparedEvent {
  readonly tenantId: string;
  readonly type: string;
  /** Digest of the identity (tenant, source, source id), 32 hex digits. */
  readonly id: string;
  /** UTC month of `occurredAt`: year * 12 + month - 1. */
  readonly bucket: number;
  readonly effect: EventEffect | null;
  /** All of it; may have to be decoded again. */
  readonly event: () => ActivityEvent;
  /** Null: the rows are made when they are written. */
  readonly encoded: EncodedEvent | null;
}

/** The rows of a batch as bytes. */
export interface RowsOfBatch {
  readonly events: { readonly buffer: Buffer };
  readonly timeline: {
    readonly buffer: Buffer;
    /** Makes room behind the rows, the same each time it is asked for, and says where it begins. */
    roomBehind(bytes: number): number;
  };
}

/** The rows of one event within those of its batch. */
export interface EncodedEvent {
  readonly tenantId: string;
  readonly bucket: number;
  readonly rows: RowsOfBatch;
  readonly eventFrom: number;
  readonly eventTo: number;
  readonly timelineFrom: number;
  readonly timelineTo: number;
  /** All of one length. */
  readonly timelineRows: number;
  /** Writes what the append has decided into the rows. `appendedAt` in microseconds since the epoch. */
  place(position: number, appendedAt: bigint): void;
}

/** The raw record behind a dead letter. Header values are base64, lists stay lists. */
export interface DeadLetter {
  readonly rejection: Rejection;
  readonly tenantId: string | null;
  /** What the tenant may yet register, so that the record would be taken. */
  readonly awaits?: AwaitedVersion | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly recordTimeMs: number;
}

/** A record that holds an event. */
export interface EventRecord {
  readonly offset: bigint;
  readonly outcome: 'event';
  readonly prepared: PreparedEvent;
  /** Of the record, should it become a dead letter. */
  raw(): Omit<DeadLetter, 'rejection' | 'tenantId'>;
}

export type IngestRecord =
  | EventRecord
  | { readonly offset: bigint; readonly outcome: 'dead'; readonly deadLetter: DeadLetter }
  | { readonly offset: bigint; readonly outcome: 'tombstone' };

/** What one fetch brought of one partition. Offsets may have holes (transaction markers, aborted records). */
export interface Slice {
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  /** Where the fetch began: records before it were not asked for. */
  readonly fetchOffset: bigint;
  /** Where the next fetch begins. */
  readonly nextOffset: bigint;
  /** In offset order. */
  readonly records: readonly IngestRecord[];
}

export interface AppendBatch {
  readonly clusterId: string;
  readonly slices: readonly Slice[];
}

export type AppendOutcome =
  /** Committed. `skipped` counts records that an earlier append had already passed. */
  | {
      readonly outcome: 'committed';
      readonly appended: number;
      readonly duplicates: number;
      readonly conflicts: number;
      readonly deadLetters: number;
      readonly skipped: number;
      readonly tombstones: number;
      /** Type to number of appended events. */
      readonly appendedByType: ReadonlyMap<string, number>;
      /** Reason to number of dead letters, conflicts among them. */
      readonly deadLettersByReason: ReadonlyMap<string, number>;
    }
  /** Nothing written: these partitions must be fetched from `storedOffset` first. */
  | {
      readonly outcome: 'behind';
      readonly seek: readonly { readonly topic: string; readonly partition: number; readonly storedOffset: bigint }[];
    };

/** Named points at which tests may stop a process. */
export type PausePoint = 'after_begin' | 'after_locks' | 'before_commit' | 'after_commit';
export interface AppendHooks {
  at(point: PausePoint): Promise<void>;
}

export interface IngestStore {
  /** Stored next offset of each partition asked for, in the same order; null: never seen. */
  startOffsets(clusterId: string, partitions: readonly { topicId: string; topic: string; partition: number }[]): Promise<(bigint | null)[]>;
  /** One transaction: offsets, heads, log, timelines, dead letters; then one NOTIFY. Throws only when the database is at fault: try again, which is harmless where it was written after all. */
  append(batch: AppendBatch): Promise<AppendOutcome>;
  close(): Promise<void>;
}
