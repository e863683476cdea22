import { execFile } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { createOutbox, outboxSql } from '#libs/producer';
import { emptyDatabase, eventually, repositoryRoot, spawnApp, testBrokers, type FreshDatabase, type SpawnedApp } from '#libs/testing';
import { aTenant, Rig } from './rig.js';

const SOON = { timeoutMs: 30_000 };

describe('an outbox in the database of a subsystem', () => {
  let rig: Rig;
  let crm: FreshDatabase;
  let pool: pg.Pool;
  const relays: SpawnedApp[] = [];
  beforeAll(async () => {
    rig = await Rig.open(2);
    await rig.ingest();
    crm = await emptyDatabase();
    pool = new pg.Pool({ connectionString: crm.url, max: 5 });
    pool.on('error', () => undefined);
    await pool.query(outboxSql());
  }, 60_000);
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await pool.query('delete from annals_outbox');
  });
  afterAll(async () => {
    await pool.end();
    await crm.drop();
    await rig.close();
  }, 60_000);

  const env = () => ({ OUTBOX_DATABASE_URL: crm.url, KAFKA_BROKERS: testBrokers().join(','), KAFKA_TOPIC_PREFIX: rig.prefix });
  const outboxOf = (tenantId: string) => createOutbox({ source: '/producers/crm', tenantId });
  const queryOf = (client: pg.ClientBase) => (text: string, values: unknown[]) => client.query(text, values);
  const moved = (n: number) => ({ deal: 'deal-9', payload: { fromStage: `stage ${n}`, toStage: `stage ${n + 1}` } });
  const waiting = async () => Number((await pool.query<{ count: string }>('select count(*) from annals_outbox')).rows[0]?.count);
  const stages = async (tenant: string) =>
    (
      await rig.sql<{ stage: string }>(
        "select payload::json->>'fromStage' as stage from annals.events where tenant_id = $1 order by position",
        [tenant],
      )
    ).map(({ stage }) => stage);

  async function relay(...args: string[]): Promise<SpawnedApp> {
    const spawned = await spawnApp('cli', env(), { args: ['outbox-relay', ...args], until: /./, timeoutMs: 30_000 });
    relays.push(spawned);
    return spawned;
  }

  function once(...args: string[]): Promise<{ code: number; output: string }> {
    const cli = join(repositoryRoot(), 'dist/apps/cli/src/main.js');
    return new Promise((resolve) => {
      execFile(process.execPath, [cli, 'outbox-relay', ...args], { env: { PATH: process.env.PATH, ...env() } }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });
  }

  async function within<T>(work: (client: pg.PoolClient) => Promise<T>, end: 'commit' | 'rollback' = 'commit'): Promise<T> {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query(end);
      return result;
    } finally {
      client.release();
    }
  }

  test('publishes what was committed, in order, and nothing that was rolled back', async () => {
    const tenant = aTenant();
    const outbox = outboxOf(tenant);
    for (let n = 0; n < 50; n++) await within((client) => outbox.add(queryOf(client), 'deal.stage_changed', moved(n)));
    await within((client) => outbox.add(queryOf(client), 'deal.stage_changed', moved(99)), 'rollback');
    const invalid = { deal: 'deal-9', payload: { fromStage: 'a' } } as unknown as ReturnType<typeof moved>;
    await within((client) =>
      expect(outbox.add(queryOf(client), 'deal.stage_changed', invalid)).rejects.toMatchObject({ path: '/payload/toStage' }),
    );
    expect(await once('--once')).toMatchObject({ code: 0, output: expect.stringMatching(/^50 relayed.*50 in all\n$/) as string });
    expect(await waiting()).toBe(0);
    await eventually(async () => (await rig.appended(tenant)) === 50, { describe: 'all stand in the log', ...SOON });
    expect(await stages(tenant)).toEqual(Array.from({ length: 50 }, (_, n) => `stage ${n}`));
  }, 60_000);

  test('skips no row that was written first and committed last', async () => {
    const tenant = aTenant();
    const outbox = outboxOf(tenant);
    const slow = await pool.connect();
    await slow.query('begin');
    await outbox.add(queryOf(slow), 'deal.stage_changed', moved(1));
    await within((client) => outbox.add(queryOf(client), 'deal.stage_changed', moved(2)));
    expect((await once('--once')).output).toContain('1 relayed');
    await slow.query('commit');
    slow.release();
    expect((await once('--once')).output).toContain('1 relayed');
    await eventually(async () => (await rig.appended(tenant)) === 2, { describe: 'both stand in the log', ...SOON });
  }, 60_000);

  test('keeps the order of changes of one record that wait for each other, from many connections', async () => {
    const tenant = aTenant();
    const outbox = outboxOf(tenant);
    await pool.query('create table deals (id text primary key, stage int not null)');
    await pool.query("insert into deals values ('deal-9', 0)");
    const working = await relay('--batch', '3', '--every', '1');
    const move = () =>
      within(async (client) => {
        const { rows } = await client.query<{ stage: number }>("update deals set stage = stage + 1 where id = 'deal-9' returning stage");
        await outbox.add(queryOf(client), 'deal.stage_changed', moved(rows[0]?.stage ?? 0));
      });
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let i = 0; i < 50; i++) await move();
      }),
    );
    await eventually(async () => (await rig.appended(tenant)) === 200, { describe: 'all stand in the log', ...SOON });
    expect(await stages(tenant)).toEqual(Array.from({ length: 200 }, (_, n) => `stage ${n + 1}`));
    working.kill('SIGTERM');
    expect(await working.exit).toEqual({ code: 0, signal: null });
  }, 60_000);

  test('stands in the log exactly once though the relay was killed between publishing and deleting', async () => {
    const tenant = aTenant();
    const outbox = outboxOf(tenant);
    for (let n = 0; n < 20; n++) await within((client) => outbox.add(queryOf(client), 'deal.stage_changed', moved(n)));
    // whoever holds the rows lets the relay read and publish them, and not delete them
    const holder = await pool.connect();
    await holder.query('begin');
    await holder.query('select from annals_outbox for update');
    const doomed = spawnApp('cli', env(), { args: ['outbox-relay'], until: /never/, timeoutMs: 60_000 }).catch(() => undefined);
    const backend = await eventually(deletingRelay, { describe: 'the relay has published and waits to delete', ...SOON });
    process.kill(backend.pid, 'SIGKILL');
    await doomed;
    // a backend that waits for a lock does not notice that its client has gone: it would delete them all the same
    await pool.query('select pg_terminate_backend($1)', [backend.backend]);
    await holder.query('rollback');
    holder.release();
    await eventually(async () => (await rig.appended(tenant)) === 20, { describe: 'all stand in the log', ...SOON });
    expect(await waiting()).toBe(20);
    // the last one comes behind the copies on its partition
    await within((client) => outbox.add(queryOf(client), 'deal.stage_changed', moved(20)));
    expect((await once('--once')).output).toContain('21 relayed');
    await eventually(async () => (await stages(tenant)).includes('stage 20'), { describe: 'ingest has read the copies too', ...SOON });
    expect(await stages(tenant)).toEqual(Array.from({ length: 21 }, (_, n) => `stage ${n}`));
    expect((await rig.readAll('crm.deal')).filter(({ key }) => String(key) === tenant)).toHaveLength(41);
    expect(await rig.sql('select from annals.dead_letters where tenant_id = $1', [tenant])).toEqual([]);
  }, 90_000);

  /** The process id stands in the name of its connection. */
  async function deletingRelay(): Promise<{ pid: number; backend: number } | undefined> {
    const { rows } = await pool.query<{ pid: number; backend: number }>(
      `select substring(application_name from '[0-9]+$')::int as pid, pid as backend from pg_stat_activity
       where application_name like 'annals outbox-relay %' and wait_event_type = 'Lock' and query like 'delete%'`,
    );
    return rows[0];
  }

  test('is relayed by one of several, and by another when that one is gone', async () => {
    const tenant = aTenant();
    const outbox = outboxOf(tenant);
    await within((client) => outbox.add(queryOf(client), 'deal.stage_changed', moved(0)));
    const first = await relay('--every', '10');
    const second = await relay('--every', '10');
    expect(second.logs()).toContain('Another relay is at work');
    first.kill('SIGKILL');
    await first.exit;
    await within((client) => outbox.add(queryOf(client), 'deal.stage_changed', moved(1)));
    await eventually(async () => (await rig.appended(tenant)) === 2, { describe: 'both stand in the log', ...SOON });
    expect(second.logs()).toContain('1 relayed');
  }, 60_000);

  test('says what is missing, without an address', async () => {
    const missing = await once('--once', '--table', 'crm_outbox');
    expect(missing).toEqual({ code: 1, output: 'There is no table crm_outbox: annals outbox-relay --print-sql prints what makes it.\n' });
    expect((await once('--print-sql')).output).toContain('create table if not exists annals_outbox');
    expect(await once('--once', '--table', 'a; drop')).toMatchObject({ code: 2 });
  }, 60_000);
});
