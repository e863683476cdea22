import kafkajs, { type Admin, type Message, type Producer } from 'kafkajs';
import { createTopics, eventually, freshTopics, testBrokers, testKafka, uniqueName } from '#libs/testing';
import type { BusConfig } from '../connect/bus-config.js';
import { ClusterProbe } from '../connect/cluster-probe.js';
import { isReady } from './consumer-state.js';
import { LaneConsumer } from './lane-consumer.js';
import type { LaneTuning } from './lane-options.js';
import { keyOf, RecordingStore } from './recording-store.fixture.js';
import type { LaneGroup } from './slice.js';

const { CompressionTypes } = kafkajs;
const config: BusConfig = { brokers: testBrokers(), clientId: 'bus-spec' };
const kafka = testKafka('bus-spec');
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const QUICK: Partial<LaneTuning> = { sessionTimeoutMs: 6_000, heartbeatMs: 300, sampleMs: 300, restartMs: 50 };

let admin: Admin;
let producer: Producer;
const running: LaneConsumer<LaneGroup>[] = [];

beforeAll(async () => {
  admin = kafka.admin();
  // a retry of a producer that is not idempotent puts records into Kafka twice, which no consumer can undo
  producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await Promise.all([admin.connect(), producer.connect()]);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
});
afterAll(async () => {
  await Promise.all([admin.disconnect(), producer.disconnect()]);
});

const topicsOf = (count: number, partitions = 2) => freshTopics(count, { partitions });
const oneTopic = async (partitions = 1) => (await topicsOf(1, partitions))[0]!;

function consume(
  store: RecordingStore,
  topics: string[],
  more: { groupId?: string; tuning?: Partial<LaneTuning>; onFatal?: (e: Error) => void } = {},
) {
  const groupId = more.groupId ?? uniqueName('group-');
  const onFatal = more.onFatal ?? (() => undefined);
  const consumer = new LaneConsumer<LaneGroup>({
    ...{ config, groupId, topics, log, onFatal, handler: store, startOffsets: store.startOffsets },
    tuning: { ...QUICK, ...more.tuning },
  });
  running.push(consumer);
  consumer.start();
  return consumer;
}

const until = (holds: () => boolean | Promise<boolean>) => eventually(holds, { describe: holds.toString(), timeoutMs: 20_000 });

function numbered(count: number, from = 0): Message[] {
  return Array.from({ length: count }, (_, i) => ({ key: `k${(from + i) % 7}`, value: `${from + i}` }));
}

function send(topic: string, messages: Message[], compression = CompressionTypes.None) {
  return producer.send({ topic, messages, compression });
}

function sorted(values: (string | null)[]): number[] {
  return values.map(Number).sort((a, b) => a - b);
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

async function deleteBefore(topic: string, offset: string): Promise<void> {
  // the admin client does not look brokers up before this request, only before others
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
}

describe('reading', () => {
  test('every record of every topic arrives once, in order within its partition', async () => {
    const topics = await topicsOf(3);
    for (const topic of topics) await send(topic, numbered(3_000));
    const store = new RecordingStore();
    consume(store, topics, { tuning: { groupRecords: 500, queuedRecords: 1_000 } });
    await until(() => store.handled.length >= 9_000);
    for (const topic of topics) {
      expect(sorted(store.values(topic))).toEqual(upTo(3_000));
      for (const partition of [0, 1]) {
        const offsets = store.handled.filter((r) => r.topic === topic && r.partition === partition).map((r) => r.offset);
        expect(offsets).toEqual(offsets.map((_, i) => BigInt(i)));
      }
    }
    expect(Math.max(...store.groups.map((group) => group.records))).toBeLessThanOrEqual(500);
  });

  test('memory of answers is used again only for what is committed: values stay whole until then, also while commits are slow', async () => {
    const topics = await topicsOf(2);
    const long = (i: number) => `${i}`.padEnd(2_000, '.');
    for (const topic of topics)
      for (let from = 0; from < 2_000; from += 500)
        await send(
          topic,
          upTo(500).map((i) => ({ key: `k${i % 7}`, value: long(from + i) })),
        );
    const store = new RecordingStore();
    let commits = 0;
    // every third commit fails once: its group waits while others go on and more is fetched
    store.before = () => (commits++ % 3 === 0 ? Promise.reject(new Error('not now')) : Promise.resolve());
    consume(store, topics, { tuning: { groupRecords: 70, queuedRecords: 400, fetchBytes: 256 << 10 } });
    await until(() => store.handled.length >= 4_000);
    for (const topic of topics) expect(store.values(topic).sort()).toEqual(upTo(2_000).map(long).sort());
  });

  test('two full groups are committed side by side, and the second is read again where it came too early', async () => {
    const topic = await oneTopic();
    const store = new RecordingStore();
    await send(topic, numbered(1));
    consume(store, [topic], { tuning: { groupRecords: 10 } });
    await until(() => store.handled.length === 1);
    const entered: (() => void)[] = [];
    store.before = () => new Promise((resolve) => entered.push(resolve));
    await send(topic, numbered(20, 1));
    await until(() => entered.length === 2);
    store.before = () => Promise.resolve();
    entered[1]!();
    await until(() => store.groups.length === 2);
    expect(store.handled).toHaveLength(1);
    entered[0]!();
    await until(() => store.handled.length === 21);
    expect(store.values(topic).map(Number)).toEqual(upTo(21));
    expect(store.seeks).toBe(1);
  });

  test('a group takes several topics of one lane at once, while the one before is being committed', async () => {
    const topics = await topicsOf(4, 1);
    const store = new RecordingStore();
    let release: () => void = () => undefined;
    let begun = 0;
    store.before = () => (begun++ === 0 ? new Promise((resolve) => (release = resolve)) : Promise.resolve());
    await send(topics[0]!, numbered(1));
    consume(store, topics, { tuning: { groupRecords: 20 } });
    await until(() => store.prepared === 1);
    for (const topic of topics) await send(topic, numbered(5, 1));
    await until(() => store.prepared === 2);
    // nothing of its topics was committed before: what is first of a partition waits for all others
    expect(begun).toBe(1);
    release();
    await until(() => store.handled.length === 21);
    expect(store.groups).toHaveLength(2);
    expect(new Set(store.groups[1]!.slices.map((slice) => slice.topic)).size).toBe(4);
  });

  test('keys, headers, times and tombstones arrive as they were written', async () => {
    const topic = await oneTopic();
    await send(topic, [
      { key: null, value: null, timestamp: '1700000000123' },
      { key: 'k', value: 'v', headers: { a: '1', b: ['2', '3'], ['__proto__']: 'x' }, timestamp: '1700000000000' },
    ]);
    const store = new RecordingStore();
    consume(store, [topic]);
    await until(() => store.handled.length === 2);
    const [tombstone, record] = store.groups.flatMap((g) => g.slices.flatMap((s) => s.records));
    expect(tombstone).toMatchObject({ key: null, value: null, timestampMs: 1700000000123 });
    expect(record!.timestampMs).toBe(1700000000000);
    expect(record!.headers['a']).toEqual(Buffer.from('1'));
    expect(record!.headers['b']).toEqual([Buffer.from('2'), Buffer.from('3')]);
    expect(Object.keys(record!.headers)).toHaveLength(3);
  });

  test('aborted records are never seen, and markers leave holes that are passed', async () => {
    const topic = await oneTopic();
    const transactional = kafka.producer({ transactionalId: uniqueName('tx-'), maxInFlightRequests: 1, idempotent: true });
    await transactional.connect();
    for (let round = 0; round < 4; round++) {
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: numbered(10, round * 10) });
      await (round % 2 ? transaction.abort() : transaction.commit());
    }
    await transactional.disconnect();
    const store = new RecordingStore();
    const consumer = consume(store, [topic]);
    await until(() => consumer.state().lagRecords === 0 && [...store.offsets.values()][0] === 44n);
    expect(sorted(store.values(topic))).toEqual([...upTo(10), ...upTo(10).map((i) => 20 + i)]);
  });

  test('an aborted transaction larger than a fetch is passed', async () => {
    const topic = await oneTopic();
    const transactional = kafka.producer({ transactionalId: uniqueName('tx-'), maxInFlightRequests: 1, idempotent: true });
    await transactional.connect();
    const transaction = await transactional.transaction();
    for (let i = 0; i < 5; i++) await transaction.send({ topic, messages: [{ value: Buffer.alloc(700_000) }] });
    await transaction.abort();
    await transactional.disconnect();
    await send(topic, numbered(3));
    const store = new RecordingStore();
    consume(store, [topic]);
    await until(() => store.handled.length === 3);
    expect([...store.offsets.values()]).toEqual([9n]);
  });

  test('a record of 5 MB arrives whole', async () => {
    const topic = await oneTopic();
    await send(topic, [{ value: 'x'.repeat(5_000_000) }, { value: 'after' }]);
    const store = new RecordingStore();
    consume(store, [topic]);
    await until(() => store.handled.length === 2);
    expect(store.handled.map(({ value }) => value?.length)).toEqual([5_000_000, 5]);
  });
});

test('a batch that expands beyond the bound becomes one value, and what follows and lies beside it is read', async () => {
  const topic = await oneTopic(2);
  const bomb = { value: Buffer.alloc(20 << 20), partition: 0 };
  await producer.send({ topic, messages: [{ value: 'before', partition: 0 }] });
  await producer.send({ topic, compression: CompressionTypes.GZIP, messages: [bomb, bomb] });
  await producer.send({ topic, compression: CompressionTypes.GZIP, messages: [0, 1].map((partition) => ({ value: 'after', partition })) });
  const store = new RecordingStore();
  const consumer = consume(store, [topic], { tuning: { maxBatchBytes: 8 << 20 } });
  await until(() => store.handled.length === 3);
  expect(store.undecodable).toMatchObject([{ partition: 0, offset: 1n, nextOffset: 3n, message: 'expands beyond the bound' }]);
  expect(store.undecodable[0]!.raw.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  expect(isReady(consumer.state())).toBe(true);
  expect(consumer.state().restarts).toBe(0);
});

describe('the store decides', () => {
  test('reading begins where the store is, whatever Kafka has for the group', async () => {
    const topic = await oneTopic();
    await send(topic, numbered(10));
    const store = new RecordingStore();
    const groupId = uniqueName('group-');
    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '9' }] });
    const first = consume(store, [topic], { groupId });
    await until(() => store.handled.length === 10);
    await first.stop();
    for (const key of store.offsets.keys()) store.offsets.set(key, 4n);
    consume(store, [topic], { groupId });
    await until(() => store.handled.length === 16);
    expect(store.handled.slice(10).map(({ offset }) => offset)).toEqual([4n, 5n, 6n, 7n, 8n, 9n]);
  });

  test('the offset that Kafka has for the group follows, for lag tools', async () => {
    const topic = await oneTopic();
    await send(topic, numbered(10));
    const groupId = uniqueName('group-');
    consume(new RecordingStore(), [topic], { groupId, tuning: { courtesyCommitMs: 100 } });
    await until(async () => (await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions[0]?.offset === '10');
  });

  test('a partition that is behind is read again from the stored offset', async () => {
    const topic = await oneTopic();
    const store = new RecordingStore();
    const consumer = consume(store, [topic]);
    await send(topic, numbered(5));
    await until(() => store.handled.length === 5);
    for (const key of store.offsets.keys()) store.offsets.set(key, 2n);
    await send(topic, numbered(5, 5));
    await until(() => store.handled.length === 13);
    expect(store.seeks).toBe(1);
    expect(store.values(topic).map(Number)).toEqual([0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(isReady(consumer.state())).toBe(true);
  });

  test('brokers that hold their connections open and say nothing make it unready, until they answer', async () => {
    const topic = await oneTopic();
    const consumer = consume(new RecordingStore(), [topic], { tuning: { silentMs: 1_500 } });
    await until(() => isReady(consumer.state()));
    const answering = Object.getOwnPropertyDescriptor(ClusterProbe.prototype, 'describe') as PropertyDescriptor;
    let answer: () => void = () => undefined;
    const silence = () => new Promise((_, reject) => (answer = () => reject(new Error('late'))));
    Object.defineProperty(ClusterProbe.prototype, 'describe', { ...answering, value: silence });
    await until(() => !isReady(consumer.state()));
    expect(consumer.state()).toMatchObject({ phase: 'running', reason: expect.stringContaining('no broker has answered for') as string });
    Object.defineProperty(ClusterProbe.prototype, 'describe', answering);
    answer();
    await until(() => isReady(consumer.state()));
    expect(consumer.state().reason).toBeNull();
  });

  test('a store ahead of the broker halts the partition, alone, until it is repaired', async () => {
    const topic = await oneTopic(2);
    await producer.send({
      topic,
      messages: [
        { value: 'a', partition: 0 },
        { value: 'b', partition: 1 },
      ],
    });
    const store = new RecordingStore();
    let topicId = '';
    const { startOffsets } = store;
    (store as { startOffsets: typeof startOffsets }).startOffsets = (cluster, partitions) => {
      topicId = partitions[0]!.topicId;
      if (!store.offsets.size) store.offsets.set(keyOf({ topicId, partition: 0 }), 7n);
      return startOffsets(cluster, partitions);
    };
    const consumer = consume(store, [topic]);
    await until(() => store.handled.length === 1 && consumer.state().halted.length === 1);
    expect(consumer.state().halted).toMatchObject([{ partition: 0, reason: 'store_ahead_of_broker', storedOffset: 7n, brokerEnd: 1n }]);
    expect(isReady(consumer.state())).toBe(false);
    store.offsets.set(keyOf({ topicId, partition: 0 }), 0n);
    await until(() => store.handled.length === 2 && isReady(consumer.state()));
  });

  test('records that expired before they were read halt the partition: they are not skipped silently', async () => {
    const topic = await oneTopic();
    await send(topic, numbered(10));
    const probe = new ClusterProbe(kafka);
    const { topicId } = (await probe.describe([topic])).topics.get(topic)!;
    await probe.close();
    await deleteBefore(topic, '6');
    const store = new RecordingStore();
    store.offsets.set(keyOf({ topicId, partition: 0 }), 3n);
    const consumer = consume(store, [topic]);
    await until(() => consumer.state().halted.length === 1);
    expect(consumer.state().halted).toMatchObject([{ reason: 'records_expired', storedOffset: 3n, brokerStart: 6n }]);
    expect(store.handled).toEqual([]);
  });

  test('records that expire while the partition is being read halt it too', async () => {
    const topic = await oneTopic();
    const store = new RecordingStore();
    store.before = () => Promise.reject(new Error('database is away'));
    const consumer = consume(store, [topic], { tuning: { queuedRecords: 1, groupRecords: 1 } });
    for (let i = 0; i < 20; i++) await send(topic, [{ value: 'x'.repeat(200_000) }]);
    await until(() => consumer.state().blocked.length === 1);
    await deleteBefore(topic, '19');
    store.before = () => Promise.resolve();
    await until(() => consumer.state().halted.length === 1);
    expect(consumer.state().halted).toMatchObject([{ reason: 'records_expired', brokerStart: 19n }]);
  });

  test('a topic that is deleted and made again is another topic', async () => {
    const topic = await oneTopic();
    await send(topic, numbered(10));
    const store = new RecordingStore();
    const consumer = consume(store, [topic]);
    await until(() => store.handled.length === 10);
    await admin.deleteTopics({ topics: [topic] });
    await until(async () => !(await admin.listTopics()).includes(topic));
    await createTopics([topic]);
    const fresh = kafka.producer();
    await fresh.connect();
    await fresh.send({ topic, messages: numbered(4, 100) });
    await fresh.disconnect();
    await until(() => store.handled.length === 14);
    expect(store.values(topic).slice(10).map(Number)).toEqual([100, 101, 102, 103]);
    await until(() => isReady(consumer.state()));
    expect(store.offsets.size).toBe(2);
  });
});

describe('when things fail', () => {
  test('a commit that fails is tried again with the same records, and the consumer says that it is blocked', async () => {
    const topic = await oneTopic();
    await send(topic, numbered(100));
    const store = new RecordingStore();
    let failures = 0;
    store.before = () => (failures++ < 3 ? Promise.reject(new Error('database is away')) : Promise.resolve());
    const consumer = consume(store, [topic]);
    await until(() => consumer.state().blocked.length === 1);
    expect(consumer.state().blocked[0]).toMatchObject({ lane: 0, message: 'database is away' });
    expect(isReady(consumer.state())).toBe(false);
    await until(() => store.handled.length === 100);
    expect(store.values(topic).map(Number)).toEqual(upTo(100));
    await until(() => isReady(consumer.state()));
  });

  test('a blocked lane stays in its group, bounded, and does not hold other lanes back', async () => {
    const topic = await oneTopic(2);
    const store = new RecordingStore();
    store.before = (group) => (group.lane === 0 ? Promise.reject(new Error('no')) : Promise.resolve());
    const consumer = consume(store, [topic], { tuning: { lanes: 2, queuedRecords: 100, groupRecords: 50, sessionTimeoutMs: 6_000 } });
    for (let i = 0; i < 20; i++) await producer.send({ topic, messages: upTo(200).map((n) => ({ value: `${n}`, partition: n % 2 })) });
    await until(() => store.handled.length === 2_000);
    expect(new Set(store.handled.map((r) => r.partition))).toEqual(new Set([1]));
    // with the backoff that is longer than the session
    await until(() => consumer.state().blocked.some(({ attempts }) => attempts >= 8));
    expect(consumer.state()).toMatchObject({ restarts: 0, phase: 'running', assigned: 2 });
    store.before = () => Promise.resolve();
    await until(() => store.handled.length === 4_000);
  }, 40_000);

  test('lag without progress is fatal', async () => {
    const topic = await oneTopic();
    await send(topic, numbered(1));
    const store = new RecordingStore();
    store.before = () => new Promise(() => undefined);
    const fatal = new Promise<Error>((resolve) => {
      consume(store, [topic], { tuning: { stallMs: 1_500, stopMs: 500 }, onFatal: resolve });
    });
    expect((await fatal).message).toMatch(/no progress for 2 s with a lag of 1 records/);
  });

  test('restarts are bounded: brokers that never answer end in onFatal', async () => {
    const store = new RecordingStore();
    let fatal: Error | undefined;
    const onFatal = (error: Error) => (fatal = error);
    const consumer = new LaneConsumer<LaneGroup>({
      ...{ config: { ...config, brokers: ['127.0.0.1:1'] }, groupId: 'g', topics: ['t'], log, handler: store },
      ...{ startOffsets: store.startOffsets, onFatal, tuning: { ...QUICK, maxRestarts: 0 } },
    });
    running.push(consumer);
    consumer.start();
    await until(() => fatal?.message.startsWith('the consumer keeps crashing: ') === true);
    expect(consumer.state().phase).toBe('crashed');
  }, 40_000);

  test('stopping ends within its deadline though a commit hangs', async () => {
    const topic = await oneTopic();
    await send(topic, numbered(1));
    const store = new RecordingStore();
    let isHanging = false;
    store.before = () => {
      isHanging = true;
      return new Promise(() => undefined);
    };
    const consumer = consume(store, [topic], { tuning: { stopMs: 2_000 } });
    await until(() => isHanging);
    const from = Date.now();
    await consumer.stop();
    expect(Date.now() - from).toBeLessThan(2_500);
  });
});

describe('several members', () => {
  test('share the lanes, keep equal partition numbers together, and lose and double nothing over rebalances', async () => {
    const topics = await topicsOf(2, 4);
    const store = new RecordingStore();
    const groupId = uniqueName('group-');
    const first = consume(store, topics, { groupId });
    await until(() => first.state().assigned === 8);
    let sent = 0;
    let isSending = true;
    const sending = (async () => {
      for (; isSending; sent += 20) for (const topic of topics) await send(topic, numbered(20, sent));
    })();
    const second = consume(store, topics, { groupId });
    await until(() => first.state().assigned === 4 && second.state().assigned === 4);
    await until(() => second.state().phase === 'running' && sent > 500);
    await first.stop();
    await until(() => second.state().assigned === 8);
    isSending = false;
    await sending;
    await until(() => store.handled.length >= sent * 2);
    for (const topic of topics) expect(sorted(store.values(topic))).toEqual(upTo(sent));
  }, 40_000);
});
