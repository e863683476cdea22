import { execFile } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { ClusterProbe, kafkaClient } from '#libs/bus';
import { aDraft, freshDatabase, freshTopics, repositoryRoot, structured, testBrokers, type FreshDatabase } from '#libs/testing';
import { silent } from '../silent.js';

// every command is a process of its own
const PATIENCE_MS = 60_000;

const CLI = join(repositoryRoot(), 'dist/apps/cli/src/main.js');

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

let database: FreshDatabase;
let sql: pg.Client;

/** The built command, as an operator runs it. */
function annals(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, KAFKA_BROKERS: testBrokers().join(',') };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env }, (error, output, errors) => {
      resolve({ code: error === null ? 0 : Number(error.code), output, errors });
    });
  });
}

/** A dead letter as an older version of ingest could have left it. */
async function aDeadLetter(offset: number, value: Uint8Array, reason = 'unknown_type'): Promise<void> {
  const headers = { 'content-type': Buffer.from('application/cloudevents+json').toString('base64') };
  await sql.query(
    `insert into annals.dead_letters (topic, partition, "offset", topic_id, reason, schema_path, message, headers, value, record_time)
     values ('crm.engagement', 0, $1, 'topic-id', $2, '/type', 'there is no such type', $3, $4, now())`,
    [offset, reason, headers, value],
  );
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const count = async (table: string): Promise<number> =>
  (await sql.query<{ n: number }>(`select count(*)::int as n from annals.${table}`)).rows[0]?.n ?? -1;

beforeAll(async () => {
  database = await freshDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

afterEach(async () => {
  await sql.query('delete from annals.dead_letters');
});

describe('annals dead-letters', () => {
  it(
    'lists them without their bytes, for people and for machines',
    async () => {
      await aDeadLetter(7, bytes('{"secret":"jane@example.com"}'));
      const listed = await annals('dead-letters', 'list');
      expect(listed.code).toBe(0);
      expect(listed.output).toContain('crm.engagement/0/7');
      expect(listed.output).not.toContain('jane@example.com');
      const json = await annals('dead-letters', 'list', '--reason', 'unknown_type', '--json');
      expect(JSON.parse(json.output)).toMatchObject({ topic: 'crm.engagement', partition: 0, offset: '7', reason: 'unknown_type' });
      expect((await annals('dead-letters', 'list', '--reason', 'bad_time')).output).toBe('No dead letters.\n');
    },
    PATIENCE_MS,
  );

  it(
    'shows one whole',
    async () => {
      await aDeadLetter(7, bytes('{"a":1}'));
      expect((await annals('dead-letters', 'show', 'crm.engagement/0/7')).output).toContain('{"a":1}');
      const json = await annals('dead-letters', 'show', 'crm.engagement/0/7', '--json');
      expect(JSON.parse(json.output)).toMatchObject({ value: Buffer.from('{"a":1}').toString('base64') });
      expect(await annals('dead-letters', 'show', 'crm.engagement/0/8')).toMatchObject({
        code: 1,
        errors: 'There is no dead letter crm.engagement/0/8.\n',
      });
    },
    PATIENCE_MS,
  );

  it(
    'takes what is acceptable by now into the log, once, however often it is asked',
    async () => {
      const { value } = structured(aDraft());
      await aDeadLetter(7, value ?? bytes(''));
      await aDeadLetter(8, value ?? bytes(''));
      await aDeadLetter(9, bytes('{"not":"an event"}'), 'wrong_envelope');
      const before = await count('events');
      const first = await annals('dead-letters', 'redrive', '--all');
      expect(first).toMatchObject({ code: 0, output: '2 re-driven, 1 still refused\n' });
      expect(await count('events')).toBe(before + 1);
      const second = await annals('dead-letters', 'redrive', '--all', '--json');
      expect(JSON.parse(second.output)).toEqual({ redriven: 0, refused: 1 });
      expect(await count('events')).toBe(before + 1);
      const left = JSON.parse((await annals('dead-letters', 'list', '--json')).output) as object;
      expect(left).toMatchObject({ offset: '9', attempts: 3 });
    },
    PATIENCE_MS,
  );

  it(
    're-drives only what is named',
    async () => {
      await aDeadLetter(7, structured(aDraft()).value ?? bytes(''));
      await aDeadLetter(8, structured(aDraft()).value ?? bytes(''));
      expect((await annals('dead-letters', 'redrive', 'crm.engagement/0/8')).output).toBe('1 re-driven, 0 still refused\n');
      expect((await annals('dead-letters', 'list', '--json')).output).toContain('"offset":"7"');
    },
    PATIENCE_MS,
  );

  it(
    'purges what is selected and nothing else',
    async () => {
      await aDeadLetter(7, bytes('x'), 'not_json');
      await aDeadLetter(8, bytes('x'), 'bad_time');
      expect((await annals('dead-letters', 'purge', '--before', '1h', '--reason', 'not_json')).output).toBe('0 deleted\n');
      expect((await annals('dead-letters', 'purge', '--reason', 'not_json')).output).toBe('1 deleted\n');
      expect(await count('dead_letters')).toBe(1);
    },
    PATIENCE_MS,
  );

  it(
    'answers a wrong question with exit code 2 and one sentence',
    async () => {
      const { code, errors } = await annals('dead-letters', 'redrive');
      expect(code).toBe(2);
      expect(errors).toMatch(/^Say which: .*\.\n$/);
      expect(await annals('dead-letters', 'forget')).toMatchObject({ code: 2 });
    },
    PATIENCE_MS,
  );
});

describe('annals offsets', () => {
  it(
    'shows how far each partition is beside what the broker has, and repairs one that lies beyond its end',
    async () => {
      const [topic = ''] = await freshTopics();
      const probe = new ClusterProbe(kafkaClient({ brokers: testBrokers(), clientId: 'annals-test' }, silent));
      const cluster = await probe.describe([topic]);
      await probe.close();
      await sql.query('insert into annals.offsets (cluster_id, topic_id, partition, topic, next_offset) values ($1, $2, 0, $3, 41)', [
        cluster.clusterId,
        cluster.topics.get(topic)?.topicId,
        topic,
      ]);
      const json = await annals('offsets', 'list', '--json');
      expect(JSON.parse(json.output)).toMatchObject({ topic, nextOffset: '41', start: '0', end: '0', topicExists: true });
      expect((await annals('offsets', 'list')).output).toContain('beyond the end: annals offsets reset');
      await sql.query('update annals.offsets set next_offset = -1');
      expect((await annals('offsets', 'list')).output).toContain('before the start: annals offsets reset');
      await sql.query('update annals.offsets set next_offset = 41');
      expect(await annals('offsets', 'reset', `${topic}/0`, '--to', 'end')).toMatchObject({ code: 0, output: `${topic}/0: 41 -> 0\n` });
      expect(await annals('offsets', 'reset', `${topic}/1`, '--to', '3')).toMatchObject({ code: 1 });
      expect(await annals('offsets', 'reset', `${topic}/0`, '--to', 'later')).toMatchObject({ code: 2 });
      // a running ingest would pass every record up to there
      const beyond = await annals('offsets', 'reset', `${topic}/0`, '--to', '1');
      expect(beyond).toMatchObject({ code: 1, errors: `The broker has ${topic}/0 from 0 to 0: 1 is outside.\n` });
      expect((await sql.query('select next_offset from annals.offsets')).rows).toEqual([{ next_offset: '0' }]);
    },
    PATIENCE_MS,
  );
});
