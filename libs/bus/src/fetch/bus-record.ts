/** A header may repeat; a null value is `undefined`. The object has no prototype: any name is safe. */
export type RecordHeaders = Readonly<Record<string, Buffer | readonly Buffer[] | undefined>>;

/** One record as it lay in its partition. Buffers are views into the fetch: copy what outlives the batch. */
export interface BusRecord {
  readonly offset: bigint;
  /** The record's own time, milliseconds since the Unix epoch. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  /** `null`: a tombstone. */
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
}

/** A batch that could not be decompressed or read: one value that stands for all of its records. */
export interface UndecodableBatch {
  /** First offset of the batch that was asked for. */
  readonly offset: bigint;
  /** First offset after the batch. */
  readonly nextOffset: bigint;
  readonly timestampMs: number;
  /** What went wrong; quotes no bytes. */
  readonly message: string;
  /** The compressed records as they came. */
  readonly raw: Buffer;
}
