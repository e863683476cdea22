import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unZstdInJs } from '../codecs/zstd.js';
import { type AbortedTransaction, readBatches } from './read-batches.js';

const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
/** Written by Kafka's Java client 4.3.1: 200 records from offset 7, see `expected`. */
const written = (codec: string) => readFileSync(new URL(`./testdata/java-client.${codec}.batch`, import.meta.url));
const budget = (maxBatchBytes = 1 << 20) => ({ maxBatchBytes, expandedBytesLeft: 1 << 20 });
const read = (bytes: Buffer, fetchOffset = 0n, aborted: AbortedTransaction[] = []) => readBatches(bytes, fetchOffset, aborted, budget());

function expected(i: number) {
  const words = Array.from({ length: i % 40 }, (_, j) => `lorem ipsum ${(i * 31 + j * 17) % 97} `).join('');
  return {
    offset: BigInt(7 + i),
    timestampMs: 1_700_000_000_000 + i,
    key: i % 5 === 0 ? null : `k${i}`,
    value: i % 50 === 49 ? null : `{"n":${i},"text":"${words}"}`,
    h: i % 3 === 0 ? `v${i}` : undefined,
  };
}

describe.each(CODECS)('a batch of the Java client compressed with %s', (codec) => {
  test('is read record by record', () => {
    const { records, undecodable, nextOffset } = read(written(codec));
    const got = records.map(({ offset, timestampMs, key, value, headers }) => ({
      ...{ offset, timestampMs, key: key?.toString() ?? null, value: value?.toString() ?? null },
      h: (headers['h'] as Buffer | undefined)?.toString(),
    }));
    expect(got).toEqual(Array.from({ length: 200 }, (_, i) => expected(i)));
    expect(undecodable).toEqual([]);
    expect(nextOffset).toBe(207n);
  });

  test('is one undecodable value when it expands beyond the bound', () => {
    const { records, undecodable, nextOffset } = readBatches(written(codec), 0n, [], budget(10_000));
    expect(records).toEqual([]);
    expect(undecodable).toMatchObject([{ offset: 7n, nextOffset: 207n, message: 'expands beyond the bound' }]);
    expect(undecodable[0]!.raw).toEqual(written(codec).subarray(61));
    expect(nextOffset).toBe(207n);
  });

  test('never throws and always moves on, whatever happened to its bytes', () => {
    const bytes = written(codec);
    const damage = fc.array(fc.tuple(fc.integer({ min: 57, max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, byte] of changes) damaged[at] = byte;
        const { records, undecodable, nextOffset } = readBatches(damaged, 0n, [], budget());
        expect(nextOffset).toBe(207n);
        expect(undecodable.length === 0 || records.length === 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('is left for the next fetch when its end is missing', () => {
    const bytes = written(codec);
    expect(read(bytes.subarray(0, bytes.length - 1), 7n)).toEqual({ records: [], undecodable: [], nextOffset: 7n });
  });
});

test('zstd is read in JavaScript too, where Node has none', () => {
  expect(unZstdInJs(written('zstd').subarray(61), 1 << 20).length).toBeGreaterThan(50_000);
  expect(() => unZstdInJs(written('zstd').subarray(61), 10_000)).toThrow('expands beyond the bound');
});

test('a fetch in the middle of a batch brings what lies behind', () => {
  const { records } = read(written('lz4'), 100n);
  expect(records[0]!.offset).toBe(100n);
  expect(records).toHaveLength(107);
});

test('a good batch is read though the one before it is not', () => {
  const bad = Buffer.from(written('gzip'));
  bad.fill(0xff, 80, 120);
  const { records, undecodable, nextOffset } = read(Buffer.concat([bad, batch({ baseOffset: 207n, values: ['x'] })]));
  expect(undecodable).toMatchObject([{ offset: 7n, nextOffset: 207n }]);
  expect(records.map(({ offset }) => offset)).toEqual([207n]);
  expect(nextOffset).toBe(208n);
});

test('once the budget of a fetch is spent, later batches wait for the next one', () => {
  const bytes = Buffer.concat([batch({ baseOffset: 0n, values: ['a'] }), batch({ baseOffset: 1n, values: ['b'] })]);
  const { records, nextOffset } = readBatches(bytes, 0n, [], { maxBatchBytes: 100, expandedBytesLeft: 1 });
  expect(records).toHaveLength(1);
  expect(nextOffset).toBe(1n);
});

test('aborted transactions and markers are passed, records of others between them are kept', () => {
  const bytes = Buffer.concat([
    batch({ baseOffset: 0n, values: ['aborted'], producerId: 1n, attributes: 0x10 }),
    batch({ baseOffset: 1n, values: ['kept'], producerId: 2n, attributes: 0x10 }),
    batch({ baseOffset: 2n, values: ['plain'] }),
    batch({ baseOffset: 3n, marker: 'abort', producerId: 1n }),
    batch({ baseOffset: 4n, values: ['later'], producerId: 1n, attributes: 0x10 }),
    batch({ baseOffset: 5n, marker: 'commit', producerId: 1n }),
  ]);
  const { records, nextOffset } = read(bytes, 0n, [{ producerId: 1n, firstOffset: 0n }]);
  expect(records.map(({ value }) => value?.toString())).toEqual(['kept', 'plain', 'later']);
  expect(nextOffset).toBe(6n);
});

test('an undecodable batch of an aborted transaction is nobody’s business', () => {
  const bytes = batch({ baseOffset: 0n, values: ['x'], producerId: 1n, attributes: 0x10 | 7 });
  expect(read(bytes, 0n, [{ producerId: 1n, firstOffset: 0n }])).toMatchObject({ undecodable: [], nextOffset: 1n });
  expect(read(bytes).undecodable).toMatchObject([{ message: 'compression 7 does not exist' }]);
});

test('a batch that compaction emptied moves the offset', () => {
  expect(read(batch({ baseOffset: 3n, values: [], span: 4 }))).toEqual({ records: [], undecodable: [], nextOffset: 7n });
});

test('a lie about the number of records or headers costs nothing', () => {
  const many = batch({ baseOffset: 0n, values: ['x'] });
  many.writeInt32BE(2 ** 31 - 1, 57);
  expect(read(many).undecodable).toMatchObject([{ message: 'the number of records is wrong' }]);
});

test('gzip members that follow each other are one stream', () => {
  const whole = batch({ baseOffset: 0n, values: ['one', 'two'] });
  const body = whole.subarray(61);
  const bytes = withBody(whole, Buffer.concat([gzipSync(body.subarray(0, 5)), gzipSync(body.subarray(5))]), 1);
  expect(read(bytes).records).toHaveLength(2);
});

interface BatchOptions {
  baseOffset: bigint;
  values?: string[];
  marker?: 'abort' | 'commit';
  producerId?: bigint;
  attributes?: number;
  span?: number;
}

/** A record batch of format 2, uncompressed, without a checksum. */
function batch({ baseOffset, values = [], marker, producerId = -1n, attributes = 0, span }: BatchOptions): Buffer {
  const markerKey = Buffer.from([0, 0, 0, marker === 'commit' ? 1 : 0]);
  const records = marker ? [record(0, markerKey, Buffer.alloc(6))] : values.map((value, i) => record(i, null, Buffer.from(value)));
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(baseOffset, 0);
  head.writeInt8(2, 16);
  head.writeInt16BE(marker ? 0x30 : attributes, 21);
  head.writeInt32BE((span ?? records.length) - 1, 23);
  head.writeBigInt64BE(producerId, 43);
  head.writeInt32BE(records.length, 57);
  return withBody(head, Buffer.concat(records), marker ? 0x30 : attributes);
}

function withBody(head: Buffer, body: Buffer, attributes: number): Buffer {
  const bytes = Buffer.concat([head.subarray(0, 61), body]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt16BE(attributes, 21);
  return bytes;
}

function record(delta: number, key: Buffer | null, value: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([0, 0, delta * 2]), sized(key), sized(value), Buffer.from([0])]);
  return Buffer.concat([Buffer.from([body.length * 2]), body]);
}

const sized = (bytes: Buffer | null) => (bytes ? Buffer.concat([Buffer.from([bytes.length * 2]), bytes]) : Buffer.from([1]));
