import { UndecodableError } from '../codecs/undecodable-error.js';
import type { BusRecord, RecordHeaders } from './bus-record.js';
import type { Cursor } from './cursor.js';

interface BatchOfRecords {
  readonly baseOffset: bigint;
  readonly baseTimestampMs: number;
  readonly appendTimeMs: number | null;
  readonly count: number;
}

const NO_HEADERS: RecordHeaders = Object.freeze(Object.create(null) as RecordHeaders);
/** The smallest record: length, attributes, two deltas, two lengths, header count. */
const SMALLEST = 7;
/** No producer puts as many into a batch; compressed, a few megabytes can hold millions of empty ones. */
export const MAX_RECORDS = 50_000;

/** All records of a batch, or {@link UndecodableError}: never some of them. */
export function readRecords(from: Cursor, batch: BatchOfRecords): BusRecord[] {
  if (batch.count < 0 || batch.count > from.left / SMALLEST) throw new UndecodableError('the number of records is wrong');
  if (batch.count > MAX_RECORDS) throw new UndecodableError(`holds more than ${MAX_RECORDS} records`);
  const headers = new HeaderReader();
  const { baseOffset, baseTimestampMs, appendTimeMs } = batch;
  const shared: SharedByRecords = { bytes: from, baseOffset, baseTimestampMs, appendTimeMs };
  const records = new Array<BusRecord>(batch.count);
  for (let i = 0; i < batch.count; i++) records[i] = readRecord(from, shared, headers);
  return records;
}

function readRecord(from: Cursor, shared: SharedByRecords, headers: HeaderReader): BusRecord {
  const end = from.varint() + from.at;
  if (end > from.end) throw new UndecodableError('a record ends early');
  from.int8();
  const timestampDelta = from.varint();
  const offsetDelta = from.varint();
  const keyAt = from.at;
  from.skipVarBytes();
  const valueAt = from.at;
  from.skipVarBytes();
  const record = new ReadRecord(shared, headers.read(from, end), offsetDelta, timestampDelta, keyAt, valueAt);
  if (from.at !== end) throw new UndecodableError('a record has the wrong length');
  return record;
}

/** Only this of a batch's header stays with its records: the header also holds the bytes before they were decompressed. */
interface SharedByRecords extends Omit<BatchOfRecords, 'count'> {
  readonly bytes: Cursor;
}

/** Everything but small numbers is made when it is asked for: kept, it would be most of what a record weighs, and records live until they are committed. */
class ReadRecord implements BusRecord {
  constructor(
    private readonly shared: SharedByRecords,
    readonly headers: RecordHeaders,
    private readonly offsetDelta: number,
    private readonly timestampDelta: number,
    private readonly keyAt: number,
    private readonly valueAt: number,
  ) {}

  get offset(): bigint {
    return this.shared.baseOffset + BigInt(this.offsetDelta);
  }

  get timestampMs(): number {
    const { appendTimeMs, baseTimestampMs } = this.shared;
    return appendTimeMs ?? baseTimestampMs + this.timestampDelta;
  }

  get value(): Buffer | null {
    return this.shared.bytes.from(this.valueAt).varBytes();
  }

  get key(): Buffer | null {
    return this.shared.bytes.from(this.keyAt).varBytes();
  }
}

/** Producers give each record of a batch the same headers: those are read once. */
class HeaderReader {
  private bytes: Buffer | undefined;
  private headers = NO_HEADERS;

  /** The headers, which reach to the end of the record. */
  read(from: Cursor, end: number): RecordHeaders {
    if (from.at > end) throw new UndecodableError('a record has the wrong length');
    if (this.bytes !== undefined && from.skipIfEqual(this.bytes, end)) return this.headers;
    const start = from.at;
    this.headers = readHeaders(from);
    this.bytes = from.since(start);
    return this.headers;
  }
}

function readHeaders(from: Cursor): RecordHeaders {
  const count = from.varint();
  if (count === 0) return NO_HEADERS;
  if (count < 0 || count > from.left / 2) throw new UndecodableError('the number of headers is wrong');
  const headers = Object.create(null) as Record<string, Buffer | Buffer[] | undefined>;
  for (let i = 0; i < count; i++) {
    const name = from.varBytes()?.toString('utf8') ?? '';
    const value = from.varBytes() ?? undefined;
    headers[name] = name in headers ? repeated(headers[name], value) : value;
  }
  return headers;
}

function repeated(before: Buffer | Buffer[] | undefined, value: Buffer | undefined): Buffer[] {
  const list = Array.isArray(before) ? before : [before ?? Buffer.alloc(0)];
  return [...list, value ?? Buffer.alloc(0)];
}
