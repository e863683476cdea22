import pg from 'pg';
import { emptyDatabase, freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor, STORE_ROLES } from '../connect/connection-for.js';
import { openDatabase } from '../connect/open-database.js';
import { assertSchemaCurrent } from './assert-schema-current.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './migrations.js';

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  const made: FreshDatabase[] = [];
  const make = async (): Promise<FreshDatabase> => {
    const database = await emptyDatabase();
    made.push(database);
    return database;
  };
  afterAll(() => Promise.all(made.map((database) => database.drop())));

  it('may run from several processes and on several databases at once, and again', async () => {
    const [one, two] = [await make(), await make()];
    await Promise.all([migrate(one.url), migrate(one.url), migrate(two.url)]);
    await migrate(one.url);
    for (const { url } of [one, two]) {
      const { rows } = await withClient(url, (client) => client.query('select name from annals.migrations order by id'));
      expect(rows.map((row: { name: string }) => row.name)).toEqual(MIGRATIONS.map(({ name }) => name));
    }
  });

  it('refuse to run as one of the roles of annals', async () => {
    const { url } = await make();
    await expect(migrate(connectionFor(url, 'ingest'))).rejects.toThrow('owner');
  });

  it('leave apps unable to run on an older schema or one they do not know', async () => {
    const { url } = await make();
    await withClient(url, (client) => expect(assertSchemaCurrent(client as unknown as pg.Pool)).rejects.toThrow('lacks Log1764000000001'));
    await migrate(url);
    await withClient(url, async (client) => {
      await client.query(`insert into annals.migrations ("timestamp", name) values (1, 'FromTheFuture1')`);
      await expect(assertSchemaCurrent(client as unknown as pg.Pool)).rejects.toThrow('FromTheFuture1');
    });
  });

  it('never put a password into a statement: the server stores a verifier that the derived password meets', async () => {
    const { url } = await make();
    await migrate(url);
    for (const role of STORE_ROLES) {
      const database = await openDatabase({ url: connectionFor(url, role), poolSize: 1, applicationName: 'spec' });
      const { rows } = await database.pool.query('select current_user as me');
      expect(rows).toEqual([{ me: `annals_${role}` }]);
      await database.close();
    }
  });
});

describe('the log', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  const attempts = ['update annals.events set type = type', 'delete from annals.events', 'truncate annals.events'];

  it.each(attempts)('refuses "%s" to the owner, a superuser', async (sql) => {
    await withClient(database.url, async (client) => {
      expect((await client.query('select rolsuper from pg_roles where rolname = current_user')).rows).toEqual([{ rolsuper: true }]);
      await expect(client.query(sql)).rejects.toThrow(/refused: the log is append only/);
      await client.query('set session_replication_role = replica');
      await expect(client.query(sql)).rejects.toThrow(/refused: the log is append only/);
    });
  });

  it.each(STORE_ROLES.flatMap((role) => attempts.map((sql) => [role, sql] as const)))('refuses %s "%s"', async (role, sql) => {
    await withClient(connectionFor(database.url, role), (client) => expect(client.query(sql)).rejects.toThrow(/permission denied/));
  });

  it.each(attempts)('refuses "%s" to a role that was granted everything', async (sql) => {
    await withClient(database.url, async (client) => {
      await client.query('begin');
      await client.query('grant all on annals.events to annals_app');
      await client.query('set local role annals_app');
      await expect(client.query(sql)).rejects.toThrow(/refused: the log is append only/);
    });
  });

  it('is written by ingest only, and read neither by app nor, without a tenant, by query', async () => {
    const insert = 'insert into annals.heads (tenant_id, position, appended_at) values (gen_random_uuid(), 0, now())';
    for (const role of ['query', 'app', 'admin'] as const) {
      await withClient(connectionFor(database.url, role), (client) => expect(client.query(insert)).rejects.toThrow(/permission denied/));
    }
    await withClient(connectionFor(database.url, 'app'), (client) =>
      expect(client.query('select from annals.events')).rejects.toThrow(/permission denied/),
    );
    await withClient(connectionFor(database.url, 'query'), (client) =>
      expect(client.query('select from annals.dead_letters')).rejects.toThrow(/permission denied/),
    );
  });
});
