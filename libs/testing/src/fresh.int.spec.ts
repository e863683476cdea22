import pg from 'pg';
import { eventually } from './eventually.js';
import { freshDatabase, type FreshDatabase } from './fresh-database.js';
import { freshTopics, testKafka } from './fresh-topics.js';
import { uniqueName } from './run.js';

async function ask<T>(url: string, sql: string): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: T }>(sql);
    return rows[0]!.answer;
  } finally {
    await client.end();
  }
}

describe('a database per spec file', () => {
  let databases: FreshDatabase[];
  beforeAll(async () => {
    databases = await Promise.all([freshDatabase(), freshDatabase()]);
  });
  afterAll(() => Promise.all(databases.map((database) => database.drop())));

  it('has the whole schema and no event', async () => {
    expect(await ask<string>(databases[0]!.url, 'select count(*)::text as answer from annals.events')).toBe('0');
  });

  it('shares nothing with the next one', async () => {
    await ask(databases[0]!.url, 'create table mine (); select 1 as answer').catch(() => undefined);
    expect(await ask<string | null>(databases[1]!.url, "select to_regclass('mine')::text as answer")).toBeNull();
  });
});

describe('topics per spec', () => {
  it('can be asked where they end as soon as they are made', async () => {
    const topics = await freshTopics(40, { partitions: 6 });
    const admin = testKafka().admin();
    await admin.connect();
    try {
      const ends = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
      expect(ends.flat().map(({ high }) => high)).toEqual(Array<string>(240).fill('0'));
    } finally {
      await admin.disconnect();
    }
  }, 60_000);

  it('carry a record of almost 6 MB to a new group', async () => {
    const [topic] = (await freshTopics()) as [string];
    const [producer, consumer] = [testKafka().producer(), testKafka().consumer({ groupId: uniqueName('g') })];
    await Promise.all([producer.connect(), consumer.connect()]);
    try {
      await producer.send({ topic, messages: [{ value: Buffer.alloc(6 * 1024 * 1024 - 1000) }] });
      await consumer.subscribe({ topic, fromBeginning: true });
      let size: number | undefined;
      await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void (size = message.value?.length)) });
      expect(await eventually(() => size, { describe: 'the record arrives' })).toBe(6 * 1024 * 1024 - 1000);
    } finally {
      await Promise.all([producer.disconnect(), consumer.disconnect()]);
    }
  }, 60_000);
});
