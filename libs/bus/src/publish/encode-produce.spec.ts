import { createRequire } from 'node:module';
import fc from 'fast-check';
import { readBatches } from '../fetch/read-batches.js';
import { encodeProduce, GZIP, type ProducedMessage, type ProduceRequest } from './encode-produce.js';

type Theirs = (request: ProduceRequest) => { encode: () => Promise<{ buffer: Buffer }> };
const theirs = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce/v7/request.js') as Theirs;

/** Request, topic `t` and partition in front of the only batch. */
const BEFORE_BATCH = 2 + 2 + 4 + 4 + (2 + 1 + 4) + (4 + 4);
const NOW = Date.UTC(2026, 0, 5, 14, 30);
const text = fc.string({ unit: 'binary', maxLength: 300 });
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const message: fc.Arbitrary<ProducedMessage> = fc.record({
  key: fc.oneof(text, bytes, fc.constant(null)),
  value: fc.oneof(text, bytes, fc.constant(null)),
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.oneof(text, bytes), { maxKeys: 3, noNullPrototype: true }),
  timestamp: fc.integer({ min: NOW, max: NOW + 10_000_000 }).map(String),
});
const request: fc.Arbitrary<ProduceRequest> = fc.record({
  ...{ acks: fc.constant(-1), timeout: fc.constant(30_000), producerId: fc.nat().map(String), producerEpoch: fc.nat({ max: 100 }) },
  topicData: fc.array(
    fc.record({
      topic: fc.string({ minLength: 1, maxLength: 20 }),
      partitions: fc.array(
        fc.record({
          partition: fc.nat({ max: 200 }),
          firstSequence: fc.nat(),
          messages: fc.array(message, { minLength: 1, maxLength: 70 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  ),
});

describe('a produce request written in one go', () => {
  it('is byte for byte what kafkajs writes', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const { buffer } = await theirs(asked).encode();
        expect((await encodeProduce(asked, NOW)).equals(buffer)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('holds the same records by gzip, in less room', async () => {
    const messages = Array.from({ length: 50 }, (_, i) => ({
      key: 'tenant',
      value: `{"said":"the same again","n":${i}}`,
      timestamp: String(NOW + i),
    }));
    const asked = {
      acks: -1,
      producerId: '7',
      producerEpoch: 0,
      topicData: [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages }] }],
    };
    const plain = await encodeProduce(asked, NOW);
    const packed = await encodeProduce({ ...asked, compression: GZIP }, NOW);
    expect(packed.length).toBeLessThan(plain.length / 2);
    const read = (body: Buffer) =>
      readBatches(body.subarray(BEFORE_BATCH), 0n, [], { maxBatchBytes: 1 << 20, expandedBytesLeft: 1 << 20 }).records.map(
        ({ offset, timestampMs, key, value }) => [offset, timestampMs, String(key), String(value)],
      );
    expect(read(packed)).toEqual(read(plain));
    expect(read(packed)).toHaveLength(50);
  });

  it('gives records without a time the time of sending', async () => {
    const asked = (timestamp?: string): ProduceRequest => ({
      ...{ acks: -1, producerId: '7', producerEpoch: 0 },
      topicData: [
        { topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages: [{ value: 'v', ...(timestamp && { timestamp }) }] }] },
      ],
    });
    expect(await encodeProduce(asked(), NOW)).toEqual(await encodeProduce(asked(String(NOW)), NOW + 1));
  });
});
