import { randomUUID } from 'node:crypto';
import type { Producer } from 'kafkajs';
import pg from 'pg';
import { APPENDED_TOPIC, CONTROL_TOPIC, DEAD_LETTER_TOPIC, INPUT_TOPICS, type WireRecord } from '#libs/contracts';
import {
  aDraft,
  binary,
  createTopics,
  type EventDraft,
  eventually,
  flat,
  freshDatabase,
  type FreshDatabase,
  spawnApp,
  type SpawnedApp,
  structured,
  testBrokers,
  testDatabaseUrl,
  testKafka,
  uniqueName,
} from '#libs/testing';

const prefix = uniqueName('ingest-');
const kafka = testKafka('ingest-spec');
let database: FreshDatabase;
let db: pg.Pool;
let producer: Producer;
const running: SpawnedApp[] = [];

beforeAll(async () => {
  producer = kafka.producer();
  const topics = [...INPUT_TOPICS, DEAD_LETTER_TOPIC, APPENDED_TOPIC].map((topic) => prefix + topic);
  [database] = await Promise.all([
    freshDatabase(),
    producer.connect(),
    createTopics(topics, { partitions: 2, settings: { 'max.message.bytes': '8388608' } }),
  ]);
  db = new pg.Pool({ connectionString: database.url, max: 2 });
}, 60_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.stop()));
});
afterAll(async () => {
  await producer.disconnect();
  await db.end();
  await database.drop();
});

async function ingest(more: Record<string, string> = {}, until: 'ready' | 'live' = 'ready'): Promise<SpawnedApp> {
  const env = {
    ...{ KAFKA_BROKERS: testBrokers().join(','), KAFKA_TOPIC_PREFIX: prefix, KAFKA_GROUP: `${prefix}group` },
    ...{ DATABASE_URL: database.url, KAFKA_SESSION_TIMEOUT_MS: '6000', ...more },
  };
  const app = await spawnApp('ingest', env, { until });
  running.push(app);
  return app;
}

function publish(...records: WireRecord[]) {
  return producer.sendBatch({
    topicMessages: records.map(({ topic, value, headers, timestampMs }) => ({
      topic: prefix + topic,
      messages: [
        {
          key: null,
          partition: 0,
          value: value && Buffer.from(value),
          headers: headers as Record<string, string>,
          timestamp: `${timestampMs}`,
        },
      ],
    })),
  });
}

const rowsOf = async <T extends object>(sql: string, ...values: unknown[]) => (await db.query<T>(sql, values)).rows;
const eventsOf = (tenantId: string) =>
  rowsOf<{ position: string; source_id: string; type: string; payload: string }>(
    'select position, source_id, type, payload from annals.events where tenant_id = $1 order by position',
    tenantId,
  );
const whenAppended = (tenantId: string, count: number) =>
  eventually(async () => (await eventsOf(tenantId)).length >= count, { describe: `${count} events are appended` });
const drafts = (tenantId: string, count: number, more: Partial<EventDraft> = {}) =>
  Array.from({ length: count }, () => aDraft({ tenantId, id: randomUUID(), ...more }));

test('the three wire forms stand in the log and on the timeline, and a redelivery changes nothing', async () => {
  await ingest();
  const tenantId = randomUUID();
  const [draft] = drafts(tenantId, 1);
  const forms = [structured(draft!), binary({ ...draft!, id: randomUUID() }), flat({ ...draft!, id: randomUUID() })];
  await publish(...forms);
  await whenAppended(tenantId, 3);
  await publish(...forms, structured({ ...draft!, id: 'last' }));
  await whenAppended(tenantId, 4);
  const events = await eventsOf(tenantId);
  expect(events.map(({ position }) => position)).toEqual(['1', '2', '3', '4']);
  expect(new Set(events.map(({ payload }) => payload)).size).toBe(1);
  const [timeline] = await rowsOf<{ count: string }>('select count(distinct position) from annals.timeline where tenant_id = $1', tenantId);
  expect(timeline!.count).toBe('4');
});

test('bad records between good ones become dead letters with reason and bytes, and copies of them on annals.dlq', async () => {
  const app = await ingest();
  const tenantId = randomUUID();
  const [good, other, last] = drafts(tenantId, 3).map((draft) => structured(draft));
  const text = Buffer.from(good!.value!).toString();
  const bad = (value: Buffer | string, topic = good!.topic) => ({ ...good!, topic, value: Buffer.from(value) });
  const conflicting = bad(text.replace(/"payload":\{/, '"payload":{"extra":"1",'));
  await publish(
    good!,
    bad('{"no'),
    bad(Buffer.from([0x22, 0xff, 0x22])),
    bad('['.repeat(200_000) + ']'.repeat(200_000)),
    { ...good!, value: null },
    other!,
    conflicting,
    bad(text, CONTROL_TOPIC),
    last!,
  );
  await whenAppended(tenantId, 3);
  const letters = () =>
    rowsOf<{ topic: string; offset: string; reason: string; value: Buffer; relayed_at: Date | null }>(
      `select topic, "offset", reason, value, relayed_at from annals.dead_letters where starts_with(topic, $1)`,
      prefix,
    );
  await eventually(async () => (await letters()).length === 5 && (await letters()).every((letter) => letter.relayed_at), {
    describe: 'dead letters are copied',
  });
  const reasons = (await letters()).map(({ reason }) => reason).sort();
  expect(reasons).toEqual(['conflict', 'not_json', 'not_utf8', 'too_deep', 'wrong_topic']);
  const copies = await readTopic(DEAD_LETTER_TOPIC, 5);
  const notJson = copies.find((message) => message.headers?.['reason']?.toString() === 'not_json');
  expect(notJson?.value?.toString()).toBe('{"no');
  expect(Object.keys(notJson?.headers ?? {}).sort()).toEqual(['attempts', 'offset', 'partition', 'reason', 'schema-path', 'topic']);
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toMatch(/annals_dead_letters_total\{reason="not_json"[^}]*\} 1/);
  expect(metrics).toMatch(/annals_events_total\{type="any",outcome="tombstone"[^}]*\} 1/);
  expect(metrics).toMatch(/annals_lag_records\{[^}]*\} \d/);
  expect(metrics).toMatch(/annals_pool_connections\{pool="append",state="idle"[^}]*\} [1-9]/);
});

test('what was appended is published on annals.appended, per tenant in position order', async () => {
  await ingest();
  const tenantId = randomUUID();
  await publish(...drafts(tenantId, 30).map((draft) => structured(draft)));
  const isOurs = (message: { key: Buffer | null }) => message.key?.toString() === tenantId;
  const published = (await readTopic(APPENDED_TOPIC, 30, isOurs)).map(
    (message) => JSON.parse(message.value!.toString()) as Record<string, unknown>,
  );
  expect(published.map(({ position }) => position)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(published[0]).toMatchObject({ specversion: '1.0', tenantid: tenantId, appendedat: expect.stringMatching(/^20.*Z$/) as string });
});

test('two instances share the work and lose and double nothing when one is killed', async () => {
  const tenantId = randomUUID();
  const [first, second] = await Promise.all([ingest(), ingest()]);
  const sent = drafts(tenantId, 400);
  for (let i = 0; i < 200; i += 20) await publish(...sent.slice(i, i + 20).map((draft) => structured(draft)));
  first.kill('SIGKILL');
  await first.exit;
  for (let i = 200; i < 400; i += 20) await publish(...sent.slice(i, i + 20).map((draft) => structured(draft)));
  await whenAppended(tenantId, 400);
  const events = await eventsOf(tenantId);
  expect(events.map(({ position }) => Number(position))).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
  expect(new Set(events.map(({ source_id }) => source_id))).toEqual(new Set(sent.map(({ id }) => id)));
  expect((await fetch(`${second.url}/health/ready`)).status).toBe(200);
}, 60_000);

test('killed between append and commit, or paused there until another took over, it appends each event once', async () => {
  const tenantId = randomUUID();
  const sent = drafts(tenantId, 20);
  const paused = await ingest({ NODE_ENV: 'test', ANNALS_PAUSE_AT: 'before_commit' });
  await publish(...sent.map((draft) => structured(draft)));
  await eventually(() => paused.logs().includes('paused at before_commit'), { describe: 'the append is paused' });
  await ingest();
  await whenAppended(tenantId, 20);
  paused.kill('SIGCONT');
  await publish(...drafts(tenantId, 1).map((draft) => structured(draft)));
  await whenAppended(tenantId, 21);
  expect((await eventsOf(tenantId)).map(({ position }) => Number(position))).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
}, 60_000);

test('SIGTERM ends it soon, with exit code 0, and it leaves its group', async () => {
  const app = await ingest();
  const from = Date.now();
  app.kill('SIGTERM');
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(Date.now() - from).toBeLessThan(10_000);
  const admin = kafka.admin();
  await admin.connect();
  const { groups } = await admin.describeGroups([`${prefix}group`]);
  await admin.disconnect();
  expect(groups[0]!.members).toEqual([]);
});

test('a store ahead of the broker makes it unready, and the repair command is named', async () => {
  const moved =
    'update annals.offsets set next_offset = next_offset + $1 where next_offset = (select max(next_offset) from annals.offsets)';
  await db.query(moved, [1_000_000]);
  const app = await ingest({}, 'live');
  const ready = async () => (await (await fetch(`${app.url}/health/ready`)).json()) as { checks: { consumer: { details: unknown } } };
  const consumer = () => ready().then((report) => JSON.stringify(report.checks.consumer));
  await eventually(async () => (await consumer()).includes('store_ahead_of_broker'), { describe: 'it says so' });
  expect(await consumer()).toContain('annals offsets reset');
  expect((await fetch(`${app.url}/health/ready`)).status).toBe(503);
  await db.query(moved, [-1_000_000]);
  await eventually(async () => (await fetch(`${app.url}/health/ready`)).status === 200, { describe: 'it is ready once that is repaired' });
}, 60_000);

test('PostgreSQL away: not ready, nothing skipped, no dead letter, ready again by itself', async () => {
  const app = await ingest();
  const tenantId = randomUUID();
  const name = new URL(database.url).pathname.slice(1);
  const admin = new pg.Client({ connectionString: testDatabaseUrl() });
  await admin.connect();
  const refusing = (refuse: boolean) => admin.query(`alter database ${name} allow_connections ${!refuse}`);
  await refusing(true);
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'annals_ingest' and datname = $1`, [name]);
  await publish(...drafts(tenantId, 5).map((draft) => structured(draft)));
  const status = async () => (await fetch(`${app.url}/health/ready`)).status;
  await eventually(async () => (await status()) === 503 && app.logs().includes('could not be committed'), { describe: 'it is not ready' });
  await refusing(false);
  await admin.end();
  await whenAppended(tenantId, 5);
  await eventually(async () => (await status()) === 200, { describe: 'it is ready again' });
  expect(await rowsOf('select from annals.dead_letters where tenant_id = $1', tenantId)).toEqual([]);
}, 60_000);

interface ReadMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Record<string, unknown>;
}

async function readTopic(topic: string, count: number, wanted: (message: ReadMessage) => boolean = () => true): Promise<ReadMessage[]> {
  const consumer = kafka.consumer({ groupId: uniqueName('reader-'), maxWaitTimeInMs: 100 });
  const read: ReadMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: prefix + topic, fromBeginning: true });
  await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void (wanted(message) && read.push(message))) });
  await eventually(() => read.length >= count, { describe: `${count} messages are on ${topic}` });
  await consumer.disconnect();
  return read;
}
