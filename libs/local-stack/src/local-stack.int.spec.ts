import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { createTopics, eventually, repositoryRoot } from '#libs/testing';
import { identifyProcess, startKafka, startPostgres } from './index.js';

const MIB = 1024 * 1024;
const START = 60_000;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'annals-spec-'));
  execFileSync('chmod', ['711', root]);
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows as unknown[][];
  } finally {
    await client.end();
  }
}

const client = (brokers: readonly string[]) =>
  new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 12 } });

async function withAdmin<T>(brokers: readonly string[], work: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const admin = client(brokers).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}

/** Starts both in a process of its own that is then killed, and answers with the pids it left behind. */
async function killedRun(dataDir: string): Promise<{ kafka: number; postgres: number }> {
  const lib = join(repositoryRoot(), 'dist/libs/local-stack/src/index.js');
  const script = `import { startKafka, startPostgres } from ${JSON.stringify(lib)};
    const dataDir = ${JSON.stringify(dataDir)};
    const kafka = await startKafka({ dataDir: dataDir + '/kafka' });
    const postgres = await startPostgres({ dataDir: dataDir + '/postgres', durable: true });
    console.log(JSON.stringify({ kafka: kafka.pid, postgres: postgres.pid }));`;
  const run = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(run.stdout, 'data')) as [Buffer];
  run.kill('SIGKILL');
  await once(run, 'exit');
  return JSON.parse(line.toString()) as { kafka: number; postgres: number };
}

const isGone = async (pid: number): Promise<boolean> => (await identifyProcess(pid)) === undefined;

describe('the local PostgreSQL', () => {
  it(
    'comes back with its data and its password in the same folder',
    async () => {
      const dataDir = join(root, 'postgres');
      const first = await startPostgres({ dataDir, durable: true });
      await query(first.url, 'create table kept as select 42 as answer');
      await first.stop();
      expect(await isGone(first.pid)).toBe(true);

      const second = await startPostgres({ dataDir, durable: true });
      expect(await query(second.url, 'select answer from kept')).toEqual([[42]]);
      expect(new URL(second.url).password).toBe(new URL(first.url).password);
      expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
      await second.stop();
    },
    START,
  );

  it(
    'speaks UTF-8 and UTC, and sorts by code point, whatever the machine is set to',
    async () => {
      const { url, stop } = await startPostgres({ durable: false });
      const settings =
        "select current_setting('server_encoding'), current_setting('timezone'), datcollate from pg_database where datname = 'annals'";
      expect(await query(url, settings)).toEqual([['UTF8', 'UTC', 'C.UTF-8']]);
      await stop();
    },
    START,
  );

  it(
    'starts in a folder that only this user may enter',
    async () => {
      const home = join(root, 'home');
      await mkdir(home, { mode: 0o700 });
      const { url, stop } = await startPostgres({ dataDir: join(home, 'postgres'), durable: false });
      expect(await query(url, 'select 1')).toEqual([[1]]);
      await stop();
    },
    START,
  );

  it(
    'refuses a folder on which another run works',
    async () => {
      const dataDir = join(root, 'busy');
      const { stop } = await startPostgres({ dataDir, durable: false });
      await expect(startPostgres({ dataDir, durable: false })).rejects.toThrow(`is in use by process ${process.pid}`);
      await stop();
    },
    START,
  );

  it(
    'never touches a process that was given the number of a server long gone',
    async () => {
      const dataDir = join(root, 'recycled');
      await (await startPostgres({ dataDir, durable: false })).stop();
      const bystander = spawn('sleep', ['60']);
      await once(bystander, 'spawn');
      await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), `${bystander.pid}\n${join(dataDir, 'cluster')}\n0\n5432\n`);
      await writeFile(
        join(dataDir, 'server.json'),
        JSON.stringify({ server: { pid: bystander.pid, birth: '0' }, owner: { pid: 1, birth: '0' } }),
      );

      await (await startPostgres({ dataDir, durable: false })).stop();
      expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
      bystander.kill();
    },
    START,
  );

  it(
    'says which port is taken',
    async () => {
      const { url, stop } = await startPostgres({ durable: false });
      const port = Number(new URL(url).port);
      await expect(startPostgres({ durable: false, port })).rejects.toThrow(`cannot use port ${port}`);
      await stop();
    },
    START,
  );
});

describe('the local Kafka', () => {
  it(
    'comes back with its records and its cluster id in the same folder',
    async () => {
      const dataDir = join(root, 'kafka');
      const first = await startKafka({ dataDir });
      const { clusterId } = await withAdmin(first.brokers, (admin) => admin.describeCluster());
      await createTopics(['kept'], {}, client(first.brokers));
      const producer = client(first.brokers).producer();
      await producer.connect();
      await producer.send({ topic: 'kept', messages: [{ value: 'one' }] });
      await producer.disconnect();
      await first.stop();
      expect(await isGone(first.pid!)).toBe(true);

      const second = await startKafka({ dataDir });
      expect((await withAdmin(second.brokers, (admin) => admin.describeCluster())).clusterId).toBe(clusterId);
      const kept = () => withAdmin(second.brokers, (admin) => admin.fetchTopicOffsets('kept'));
      expect(await eventually(kept, { describe: 'the topic is served' })).toMatchObject([{ low: '0', high: '1' }]);
      await second.stop();
    },
    START,
  );

  it(
    'takes a record of 8 MB on a topic that allows it',
    async () => {
      const { brokers, stop } = await startKafka();
      await createTopics(['large'], { settings: { 'max.message.bytes': String(8 * MIB + 4096) } }, client(brokers));
      const producer = client(brokers).producer();
      await producer.connect();
      await producer.send({ topic: 'large', messages: [{ value: Buffer.alloc(8 * MIB) }] });
      await producer.disconnect();
      expect(await withAdmin(brokers, (admin) => admin.fetchTopicOffsets('large'))).toMatchObject([{ high: '1' }]);
      await stop();
    },
    START,
  );

  it(
    'gives two new folders two cluster ids',
    async () => {
      const ids = await Promise.all(
        ['a', 'b'].map(async (name) => {
          const { brokers, stop } = await startKafka({ dataDir: join(root, name) });
          const { clusterId } = await withAdmin(brokers, (admin) => admin.describeCluster());
          await stop();
          return clusterId;
        }),
      );
      expect(ids[0]).not.toBe(ids[1]);
    },
    START,
  );
});

describe('a run that was killed', () => {
  it(
    'leaves servers that the next start finds, names and stops, and whose data it keeps',
    async () => {
      const dataDir = join(root, 'killed');
      const orphans = await killedRun(dataDir);
      const said: string[] = [];
      const onProgress = (message: string) => void said.push(message);
      const kafka = await startKafka({ dataDir: join(dataDir, 'kafka'), onProgress });
      const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), durable: true, onProgress });

      expect(said).toEqual(
        expect.arrayContaining([
          `Found Kafka (process ${orphans.kafka}) of a run that was killed: stopping it`,
          `Found PostgreSQL (process ${orphans.postgres}) of a run that was killed: stopping it`,
        ]),
      );
      expect(await isGone(orphans.kafka)).toBe(true);
      expect(await isGone(orphans.postgres)).toBe(true);
      expect(await readFile(join(dataDir, 'postgres', 'postgres.log'), 'utf8')).toContain('database system is ready');
      await Promise.all([kafka.stop(), postgres.stop()]);
    },
    2 * START,
  );

  it(
    'leaves nothing where its folders were temporary',
    async () => {
      const lib = join(repositoryRoot(), 'dist/libs/local-stack/src/index.js');
      const script = `import { startPostgres } from ${JSON.stringify(lib)};
      const { pid } = await startPostgres({ durable: false });
      console.log(pid);`;
      const run = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(run.stdout, 'data')) as [Buffer];
      run.kill('SIGKILL');
      await eventually(() => isGone(Number(line.toString())), { describe: 'the server of the killed run is gone' });
    },
    START,
  );
});
