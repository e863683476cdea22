import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { eventually, freshTopics, testBrokers, testKafka, uniqueName } from '#libs/testing';
import { LaneConsumer } from './lane-consumer.js';
import { RecordingStore } from './recording-store.fixture.js';
import type { LaneGroup } from './slice.js';

const RECORDS = 4_000;
const CUTS = 3;
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const long = (i: number) => `${i}`.padEnd(2_000, '.');

/** Cuts each of the first connections that bring so much, while more of the same answer is on its way. */
function cutAfter(bytes: number) {
  let cuts = 0;
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.on('data', () => {
      if (socket.bytesRead < bytes || cuts === CUTS || socket.destroyed) return;
      cuts++;
      socket.destroy(new Error('cut'));
    });
  };
  subscribe('net.client.socket', watch);
  return { cuts: () => cuts, end: () => void unsubscribe('net.client.socket', watch) };
}

test('answers of a broker whose connection breaks off in their middle are read again, whole: every record arrives once and in order', async () => {
  const [topic] = (await freshTopics()) as [string];
  const producer = testKafka().producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (let from = 0; from < RECORDS; from += 500)
    await producer.send({ topic, messages: Array.from({ length: 500 }, (_, i) => ({ key: 'k', value: long(from + i) })) });
  await producer.disconnect();
  const cutting = cutAfter(600_000);
  const store = new RecordingStore();
  const consumer = new LaneConsumer<LaneGroup>({
    ...{ config: { brokers: testBrokers(), clientId: 'bus-spec' }, groupId: uniqueName('group-'), topics: [topic], log, handler: store },
    ...{ onFatal: silent, startOffsets: store.startOffsets, tuning: { sessionTimeoutMs: 6_000, heartbeatMs: 300, restartMs: 50 } },
  });
  try {
    consumer.start();
    await eventually(() => store.handled.length >= RECORDS, { describe: 'all records arrive', timeoutMs: 30_000 });
    expect(cutting.cuts()).toBe(CUTS);
    expect(store.values(topic)).toEqual(Array.from({ length: RECORDS }, (_, i) => long(i)));
  } finally {
    cutting.end();
    await consumer.stop();
  }
}, 60_000);
