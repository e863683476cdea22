import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { INPUT_TOPICS, OUTPUT_TOPICS, type WireRecord } from '#libs/contracts';
import { mintToken } from '#libs/service';
import {
  createTopics,
  eventually,
  freshDatabase,
  spawnApp,
  testBrokers,
  testKafka,
  uniqueName,
  type SpawnedApp,
  type SpawnOptions,
} from '#libs/testing';

const JWT_SECRET = 'a secret of the tests, long enough for HS256';

export interface Sent {
  readonly topic: string;
  readonly value: string | Buffer | null;
  readonly headers?: WireRecord['headers'];
  readonly key?: string;
  /** By key when left out. */
  readonly partition?: number;
}

/** The built apps on the run's Kafka and PostgreSQL, with topics and a database that nobody else uses. */
export class Rig {
  readonly prefix = `${uniqueName('e2e')}.`;
  private readonly apps: SpawnedApp[] = [];
  private readonly kafka: kafkajs.Kafka;
  private readonly producer: kafkajs.Producer;

  private constructor(
    readonly databaseUrl: string,
    private readonly dropDatabase: () => Promise<void>,
    private readonly pool: pg.Pool,
    private readonly brokers: readonly string[],
  ) {
    this.kafka = testKafka('annals-rig', brokers);
    this.producer = this.kafka.producer({ allowAutoTopicCreation: false, maxInFlightRequests: 1, idempotent: true });
  }

  /** With a database or brokers of the spec's own, where they are to go away and come back. */
  static async open(partitions = 2, databaseUrl?: string, brokers: readonly string[] = testBrokers()): Promise<Rig> {
    const database = databaseUrl === undefined ? await freshDatabase() : { url: databaseUrl, drop: () => Promise.resolve() };
    const pool = new pg.Pool({ connectionString: database.url, max: 3 });
    // a database that is restarted under the rig ends its idle connections: the pool makes new ones
    pool.on('error', () => undefined);
    const rig = new Rig(database.url, database.drop, pool, brokers);
    const settings = { 'max.message.bytes': '6291456' };
    await createTopics(
      [...INPUT_TOPICS, ...OUTPUT_TOPICS].map((topic) => rig.prefix + topic),
      { partitions, settings },
      rig.kafka,
    );
    await rig.producer.connect();
    return rig;
  }

  ingest(env: Readonly<Record<string, string>> = {}, options?: SpawnOptions): Promise<SpawnedApp> {
    const brokers = {
      KAFKA_BROKERS: this.brokers.join(','),
      KAFKA_TOPIC_PREFIX: this.prefix,
      KAFKA_GROUP: `${this.prefix}ingest`,
      KAFKA_SESSION_TIMEOUT_MS: '6000',
    };
    return this.spawn('ingest', { ...brokers, DATABASE_URL: this.databaseUrl, NODE_ENV: 'test', ...env }, options);
  }

  query(env: Readonly<Record<string, string>> = {}): Promise<SpawnedApp> {
    return this.app('query', { JWT_SECRET, ...env });
  }

  /** Any other app, told where Kafka and the database are. */
  app(name: string, env: Readonly<Record<string, string>> = {}, options?: SpawnOptions): Promise<SpawnedApp> {
    const common = { KAFKA_BROKERS: this.brokers.join(','), KAFKA_TOPIC_PREFIX: this.prefix, DATABASE_URL: this.databaseUrl };
    return this.spawn(name, { ...common, ...env }, options);
  }

  /** Resolves when Kafka has them. Records of one topic keep their order. */
  async publish(records: readonly Sent[]): Promise<void> {
    const topics = [...new Set(records.map(({ topic }) => topic))];
    await this.producer.sendBatch({
      topicMessages: topics.map((topic) => ({
        topic: this.prefix + topic,
        messages: records.filter((record) => record.topic === topic).map(messageOf),
      })),
    });
  }

  /** Every record that the topic holds now. */
  async readAll(topic: string): Promise<kafkajs.KafkaMessage[]> {
    const admin = this.kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(this.prefix + topic);
    await admin.disconnect();
    const expected = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    const found: kafkajs.KafkaMessage[] = [];
    const consumer = this.kafka.consumer({ groupId: uniqueName('reader'), maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [this.prefix + topic], fromBeginning: true });
    await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void found.push(message)) });
    try {
      await eventually(() => found.length >= expected, { describe: `all of ${topic} is read`, timeoutMs: 30_000 });
      return found;
    } finally {
      await consumer.disconnect();
    }
  }

  async sql<T extends pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<T[]> {
    return (await this.pool.query<T>(text, params)).rows;
  }

  /** How many events the tenant's log holds. */
  async appended(tenantId: string): Promise<number> {
    const [row] = await this.sql<{ count: string }>('select count(*) from annals.events where tenant_id = $1', [tenantId]);
    return Number(row?.count);
  }

  /** Positions of a tenant are 1, 2, 3 …: what is wrong with them, or nothing. */
  async holes(tenantId: string): Promise<unknown[]> {
    return this.sql(
      `select position, number from (select position, row_number() over (order by position) as number from annals.events where tenant_id = $1) p
       where position <> number limit 5`,
      [tenantId],
    );
  }

  /** Timeline rows that are missing, and such that nothing stands behind. Both empty: the projection is exact. */
  async projectionFaults(tenantId: string): Promise<unknown[]> {
    return this.sql(
      `with due as (select position, occurred_at, ref from annals.events e, annals.refs_of(e.entities) as ref where tenant_id = $1),
            are as (select position, occurred_at, ref from annals.timeline where tenant_id = $1)
       (select 'missing' as fault, * from due except select 'missing', * from are)
       union all (select 'extra', * from are except select 'extra', * from due) limit 5`,
      [tenantId],
    );
  }

  staffToken(tenantId: string, user = 'jane@example.com', scope = ''): Promise<string> {
    return mintToken({ secret: JWT_SECRET, tenants: [tenantId], user, scope, ttlSeconds: 600 });
  }

  customerToken(tenantId: string, entity: string): Promise<string> {
    return mintToken({ secret: JWT_SECRET, tenants: [tenantId], customer: entity, ttlSeconds: 600 });
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.stop()));
    await this.producer.disconnect();
    await this.pool.end();
    await this.dropDatabase();
  }

  private async spawn(name: string, env: Readonly<Record<string, string>>, options?: SpawnOptions): Promise<SpawnedApp> {
    const app = await spawnApp(name, env, options);
    this.apps.push(app);
    return app;
  }
}

function messageOf({ value, headers, key, partition }: Sent): kafkajs.Message {
  return {
    value: typeof value === 'string' ? Buffer.from(value) : value,
    headers: headers as kafkajs.IHeaders,
    ...(key === undefined ? {} : { key }),
    ...(partition === undefined ? {} : { partition }),
  };
}

/** `count` notes of one tenant, structured, with ids and subjects that tell them apart. */
export function notes(tenantId: string, count: number, from = 0): Sent[] {
  return Array.from({ length: count }, (_, i) => note(tenantId, from + i));
}

export function note(tenantId: string, n: number, contact = `contact-${n % 7}`, id = `note-${n}`): Sent {
  const value = {
    ...{
      specversion: '1.0',
      id,
      source: '/tests',
      type: 'note.added',
      tenantid: tenantId,
      actortype: 'human',
      actorid: 'jane@example.com',
    },
    ...{ subject: `contact/${contact}`, time: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString() },
    data: { entities: [{ type: 'contact', id: contact }], payload: { text: `note number ${n}` } },
  };
  const headers = { 'content-type': 'application/cloudevents+json' };
  return { topic: 'crm.engagement', headers, key: tenantId, value: JSON.stringify(value) };
}

export const aTenant = (): string => randomUUID();
