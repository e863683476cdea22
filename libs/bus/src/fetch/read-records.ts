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
  const records = new Array<BusRecord>(batch.count);
  for (let i = 0; i < batch.count; i++) records[i] = readRecord(from, batch);
  return records;
}

function readRecord(from: Cursor, batch: BatchOfRecords): BusRecord {
  const end = from.varint() + from.at;
  if (end > from.end) throw new UndecodableError('a record ends early');
  from.int8();
  const timestampMs = batch.appendTimeMs ?? batch.baseTimestampMs;
  const delta = from.varint();
  const offset = batch.baseOffset + BigInt(from.varint());
  const key = from.varBytes();
  const value = from.varBytes();
  const headers = readHeaders(from);
  if (from.at !== end) throw new UndecodableError('a record has the wrong length');
  return { offset, timestampMs: batch.appendTimeMs === null ? timestampMs + delta : timestampMs, key, value, headers };
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
