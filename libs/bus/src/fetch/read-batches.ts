import { decompress } from '../codecs/decompress.js';
import { UndecodableError } from '../codecs/undecodable-error.js';
import type { BusRecord, UndecodableBatch } from './bus-record.js';
import { Cursor } from './cursor.js';
import { readRecords } from './read-records.js';

/** Fixed size in front of a batch's records; before it, offset and length alone take 12. */
const HEADER = 61;
const PREFIX = 12;

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface ReadBudget {
  /** No single batch may expand beyond. */
  readonly maxBatchBytes: number;
  /** Once spent, later batches are left for the next fetch. */
  expandedBytesLeft: number;
}

export interface BatchesRead {
  readonly records: BusRecord[];
  readonly undecodable: UndecodableBatch[];
  /** First offset after what was read; `fetchOffset` where nothing was. */
  nextOffset: bigint;
}

interface BatchHeader {
  readonly baseOffset: bigint;
  readonly nextOffset: bigint;
  readonly magic: number;
  readonly codec: number;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  /** Set where the broker stamped the time: it then holds for every record. */
  readonly appendTimeMs: number | null;
  readonly baseTimestampMs: number;
  readonly producerId: bigint;
  readonly count: number;
  readonly body: Buffer;
}

/** Batches of one partition's answer as they came: cheap to keep, read when their turn comes. */
export interface UnreadBatches {
  /** Records by the batches' own headers, those that will be hidden among them. */
  readonly count: number;
  /** First offset after them; the fetch offset where there are none. */
  readonly nextOffset: bigint;
  readonly isEmpty: boolean;
  /** Reads from an offset on, until the budget is spent. May be called again for what is left. */
  read(fromOffset: bigint, budget: ReadBudget): BatchesRead;
}

/** Looks at the headers alone. An incomplete batch at the end is left for the next fetch. */
export function unreadBatches(bytes: Buffer, fetchOffset: bigint, aborted: readonly AbortedTransaction[]): UnreadBatches {
  let count = 0;
  let nextOffset = fetchOffset;
  for (const header of headersOf(bytes)) {
    if (header.nextOffset <= nextOffset) continue;
    nextOffset = header.nextOffset;
    count += Math.max(0, header.count);
  }
  return { count, nextOffset, isEmpty: nextOffset === fetchOffset, read: (from, budget) => readBatches(bytes, from, aborted, budget) };
}

/**
 * Reads the record batches of one partition's answer, in order: without aborted and control records, and with every
 * batch that cannot be read as one value. An incomplete batch at the end is left for the next fetch.
 */
export function readBatches(bytes: Buffer, fetchOffset: bigint, aborted: readonly AbortedTransaction[], budget: ReadBudget): BatchesRead {
  const read: BatchesRead = { records: [], undecodable: [], nextOffset: fetchOffset };
  const filter = new AbortedFilter(aborted);
  for (const header of headersOf(bytes)) {
    if (budget.expandedBytesLeft <= 0) break;
    readInto(read, header, fetchOffset, budget, filter);
    if (header.nextOffset > read.nextOffset) read.nextOffset = header.nextOffset;
  }
  return read;
}

function* headersOf(bytes: Buffer): Generator<BatchHeader> {
  for (let at = 0; bytes.length - at >= PREFIX;) {
    const end = at + PREFIX + bytes.readInt32BE(at + 8);
    if (end > bytes.length || end < at + PREFIX + 5) return;
    yield readHeader(bytes.subarray(at, end));
    at = end;
  }
}

function readHeader(batch: Buffer): BatchHeader {
  const baseOffset = batch.readBigInt64BE(0);
  const magic = batch.readInt8(16);
  if (magic !== 2 || batch.length < HEADER) return unknownFormat(batch, baseOffset, magic);
  const attributes = batch.readInt16BE(21);
  return {
    baseOffset,
    nextOffset: baseOffset + BigInt(batch.readInt32BE(23)) + 1n,
    magic,
    codec: attributes & 7,
    isTransactional: (attributes & 0x10) !== 0,
    isControl: (attributes & 0x20) !== 0,
    appendTimeMs: attributes & 8 ? Number(batch.readBigInt64BE(35)) : null,
    baseTimestampMs: Number(batch.readBigInt64BE(27)),
    producerId: batch.readBigInt64BE(43),
    count: batch.readInt32BE(57),
    body: batch.subarray(HEADER),
  };
}

/** Message sets from before Kafka 0.11; brokers since 4.0 no longer keep any. */
function unknownFormat(batch: Buffer, baseOffset: bigint, magic: number): BatchHeader {
  const none = { codec: 0, isTransactional: false, isControl: false, appendTimeMs: null, baseTimestampMs: 0, producerId: -1n, count: 0 };
  return { ...none, baseOffset, nextOffset: baseOffset + 1n, magic, body: batch.subarray(PREFIX) };
}

function readInto(read: BatchesRead, header: BatchHeader, fetchOffset: bigint, budget: ReadBudget, filter: AbortedFilter): void {
  try {
    // the filter has to see every batch: a marker ends what an earlier one began
    const isHidden = header.magic === 2 && filter.hides(header);
    if (header.nextOffset <= fetchOffset) return;
    if (header.magic !== 2) throw new UndecodableError(`message format ${header.magic} is not supported`);
    // compaction leaves batches without records behind
    if (isHidden || header.count === 0) return;
    const body = header.codec === 0 ? header.body : decompress(header.codec, header.body, budget.maxBatchBytes);
    budget.expandedBytesLeft -= body.length;
    const isWhole = header.baseOffset >= fetchOffset;
    for (const record of readRecords(new Cursor(body), header)) if (isWhole || record.offset >= fetchOffset) read.records.push(record);
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
    budget.expandedBytesLeft -= header.body.length;
    read.undecodable.push(undecodable(header, fetchOffset, error.message));
  }
}

function undecodable(header: BatchHeader, fetchOffset: bigint, message: string): UndecodableBatch {
  const offset = header.baseOffset > fetchOffset ? header.baseOffset : fetchOffset;
  const timestampMs = header.appendTimeMs ?? header.baseTimestampMs;
  return { offset, nextOffset: header.nextOffset, timestampMs, message, raw: header.body };
}

/** Which batches belong to aborted transactions: the rule of Kafka's own consumer. */
class AbortedFilter {
  private readonly waiting: AbortedTransaction[];
  private readonly producers = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.waiting = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  }

  hides(batch: BatchHeader): boolean {
    for (let next = this.waiting[0]; next && next.firstOffset < batch.nextOffset; next = this.waiting[0]) {
      this.producers.add(next.producerId);
      this.waiting.shift();
    }
    if (batch.isControl) this.endTransaction(batch);
    return batch.isControl || (batch.isTransactional && this.producers.has(batch.producerId));
  }

  private endTransaction(batch: BatchHeader): void {
    const [marker] = readRecords(new Cursor(batch.body), batch);
    const isAbort = marker?.key?.length === 4 && marker.key.readInt16BE(2) === 0;
    if (isAbort) this.producers.delete(batch.producerId);
  }
}
