import { createTopics, eventually, testBrokers, testKafka, uniqueName } from '#libs/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startKafka } from '#libs/local-stack';
import { createProducer, type ProducerOptions } from './create-producer.js';
import { describeEventProducer, TENANT, type Published } from './event-producer.fixture.js';

const TOPICS = ['crm.deal', 'crm.custom'];
const MOVED = { deal: 'deal-9', payload: { fromStage: 'Proposal', toStage: 'Negotiation' } } as const;

async function freshPrefix(): Promise<string> {
  const prefix = `${uniqueName('kit')}.`;
  await createTopics(TOPICS.map((topic) => prefix + topic));
  return prefix;
}

function open(topicPrefix: string, options: Partial<ProducerOptions> = {}) {
  return createProducer({ brokers: testBrokers(), source: '/producers/spec', tenantId: TENANT, topicPrefix, ...options });
}

/** Everything that stands on the topics now. */
async function readAll(prefix: string, kafka = testKafka()): Promise<Published[]> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await Promise.all(TOPICS.map((topic) => admin.fetchTopicOffsets(prefix + topic)));
  await admin.disconnect();
  const expected = ends.flat().reduce((sum, { high }) => sum + Number(high), 0);
  const found: Published[] = [];
  const consumer = kafka.consumer({ groupId: uniqueName('reader'), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: TOPICS.map((topic) => prefix + topic), fromBeginning: true });
  await consumer.run({
    eachMessage: ({ topic, message: { key, value, headers } }) => {
      const texts = Object.entries(headers ?? {}).map(([name, header]) => [name, String(header)]);
      const event = JSON.parse(String(value)) as Published['event'];
      found.push({
        topic: topic.slice(prefix.length),
        key: String(key),
        headers: Object.fromEntries(texts) as Published['headers'],
        event,
      });
      return Promise.resolve();
    },
  });
  await eventually(() => found.length >= expected, { describe: 'all of it is read' });
  await consumer.disconnect();
  return found;
}

describeEventProducer('the one of Kafka', async () => {
  const prefix = await freshPrefix();
  return { producer: open(prefix), published: () => readAll(prefix) };
});

describe('the producer of Kafka', () => {
  it('keeps what it cannot deliver until Kafka answers, and then loses none of it', async () => {
    const prefix = `${uniqueName('kit')}.`;
    const producer = open(prefix);
    const ids = Array.from({ length: 50 }, (_, i) => `move-${i}`);
    const sent = ids.map((id) => producer.publish('deal.stage_changed', { ...MOVED, id }));
    const other = producer.publishCustom('custom.demo_held', { contact: 'c', payload: {} });
    expect(producer.bufferedBytes).toBeGreaterThan(0);
    // nobody has made the topics yet
    await createTopics(TOPICS.map((topic) => prefix + topic));
    await Promise.all([...sent, other]);
    const deals = (await readAll(prefix)).filter(({ topic }) => topic === 'crm.deal');
    expect([...new Set(deals.map(({ event }) => event['id']))]).toEqual(ids);
    expect(producer.bufferedBytes).toBe(0);
    await producer.close();
  });

  it('loses nothing and keeps the order when the broker goes away and comes back', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'annals-kit-'));
    let broker = await startKafka({ dataDir });
    const [address = ''] = broker.brokers;
    const kafka = testKafka('kit-outage', broker.brokers);
    await createTopics(TOPICS, {}, kafka);
    const producer = open('', { brokers: [address] });
    try {
      const ids = Array.from({ length: 60 }, (_, i) => `move-${i}`);
      const send = (id: string) => producer.publish('deal.stage_changed', { ...MOVED, id });
      await Promise.all(ids.slice(0, 20).map(send));
      await broker.stop();
      const kept = ids.slice(20).map(send);
      broker = await startKafka({ dataDir, port: Number(address.split(':')[1]) });
      await Promise.all(kept);
      expect([...new Set((await readAll('', kafka)).map(({ event }) => event['id']))]).toEqual(ids);
    } finally {
      await producer.close();
      await broker.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 90_000);

  it('says after its deadline that Kafka is away, and names no address in its log', async () => {
    const lines: string[] = [];
    const say = (fields: object, message: string): void => void lines.push(`${JSON.stringify(fields)} ${message}`);
    const port = await freePort();
    const producer = open('', {
      brokers: [`127.0.0.1:${port}`],
      deliveryTimeoutMs: 1_000,
      closeTimeoutMs: 100,
      log: { debug: () => undefined, info: say, warn: say, error: say },
    });
    const actor = { type: 'human', id: 'jane@example.com' } as const;
    await expect(producer.publish('deal.stage_changed', { ...MOVED, actor })).rejects.toMatchObject({ reason: 'timeout' });
    await producer.close();
    expect(lines.join('\n')).not.toContain('jane@example.com');
  });

  it('publishes in the shape every consumer reads: compressed or not, with large and small events', async () => {
    const prefix = await freshPrefix();
    for (const compression of ['none', 'gzip'] as const) {
      const producer = open(prefix, { compression });
      const sizes = [1, 1_000, 100_000, 250_000];
      const send = (size: number) =>
        producer.publish('deal.stage_changed', { ...MOVED, payload: { ...MOVED.payload, note: 'ä'.repeat(size / 2) } });
      await Promise.all(sizes.map(send));
      await producer.close();
    }
    expect(await readAll(prefix)).toHaveLength(8);
  });
});
