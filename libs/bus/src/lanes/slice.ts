import type { BusRecord, UndecodableBatch } from '../fetch/bus-record.js';

/** Records of one partition that follow each other without a gap that anybody may see. */
export interface BusSlice {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** Where it begins. Records before it were not asked for; the first record may lie later (markers, aborted records). */
  readonly fetchOffset: bigint;
  /** Where the next one begins. */
  readonly nextOffset: bigint;
  /** In offset order, all in `[fetchOffset, nextOffset)`. May be empty: then only the offset moves. */
  readonly records: readonly BusRecord[];
  readonly undecodable: readonly UndecodableBatch[];
  /** Of this member's reading of the partition; a slice of an earlier one is void. */
  readonly epoch: number;
  /** Called once this slice and those before it are done: nothing reads their records again. */
  readonly release?: () => void;
}

/** What one lane commits at once: slices of several topics, in order within each partition. */
export interface LaneGroup {
  readonly lane: number;
  readonly clusterId: string;
  readonly slices: readonly BusSlice[];
  readonly records: number;
}

/** Partitions whose stored offset lies before what was read: they are read again from there. */
export interface CommitResult {
  readonly seek: readonly { readonly topic: string; readonly partition: number; readonly storedOffset: bigint }[];
}

/**
 * Takes the groups of a lane in order. `prepare` of the next group, and `commit` of it when the group is full, run while `commit` of the one before
 * is under way: what the second finds must depend on the first, as it does where both lock the same rows. Records are readable
 * until `commit` resolves: the bytes they are views of are used again then.
 * Either may be called again with the same argument after it rejected: rejecting means "not now", never "never".
 */
export interface LaneHandler<P> {
  prepare(group: LaneGroup): P | Promise<P>;
  commit(prepared: P): Promise<CommitResult>;
}

/** The first `count` records as a slice of their own, and the rest. */
export function splitSlice(slice: BusSlice, count: number): [BusSlice, BusSlice] {
  const records = slice.records.slice(0, count);
  const boundary = (records.at(-1)?.offset ?? slice.fetchOffset - 1n) + 1n;
  return [
    headOf(slice, { nextOffset: boundary, records, undecodable: slice.undecodable.filter(({ offset }) => offset < boundary) }),
    {
      ...slice,
      fetchOffset: boundary,
      records: slice.records.slice(count),
      undecodable: slice.undecodable.filter(({ offset }) => offset >= boundary),
    },
  ];
}

/** What comes first of a slice; the rest has still to be read. */
export function headOf(slice: BusSlice, part: Pick<BusSlice, 'nextOffset' | 'records' | 'undecodable'>): BusSlice {
  const { topic, topicId, partition, fetchOffset, epoch } = slice;
  return { topic, topicId, partition, fetchOffset, epoch, ...part };
}
