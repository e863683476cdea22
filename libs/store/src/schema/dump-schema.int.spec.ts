import { readFileSync } from 'node:fs';
import pg from 'pg';
import { freshDatabase, type FreshDatabase } from '#libs/testing';
import { dumpSchema } from './dump-schema.js';

describe('the schema', () => {
  let database: FreshDatabase;
  let owner: pg.Client;
  beforeAll(async () => {
    database = await freshDatabase();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  it('is the committed one; npm run generate writes it anew', async () => {
    expect(await dumpSchema(database.url)).toBe(readFileSync(new URL('../../schema.sql', import.meta.url), 'utf8'));
  });

  it('explains every table, view, column, function and type', async () => {
    const { rows } = await owner.query<{ silent: string }>(
      `with ours as (select oid from pg_namespace where nspname in ('annals', 'annals_app'))
       select c.oid::regclass::text as silent from pg_class c
       where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'p', 'v') and obj_description(c.oid, 'pg_class') is null
       union all
       select c.oid::regclass || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'p', 'v') and col_description(c.oid, a.attnum) is null
       union all
       select p.oid::regprocedure::text from pg_proc p where p.pronamespace in (select oid from ours) and obj_description(p.oid, 'pg_proc') is null
       union all
       select t.oid::regtype::text from pg_type t join pg_class c on c.oid = t.typrelid and c.relkind = 'c'
       where t.typnamespace in (select oid from ours) and obj_description(t.oid, 'pg_type') is null`,
    );
    expect(rows.map(({ silent }) => silent)).toEqual([]);
  });

  it('begins every key of a table of the log with the tenant, but for those that Kafka or a follower keys', async () => {
    const { rows } = await owner.query<{ table: string }>(
      `select c.relname as table from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
       where c.relnamespace = 'annals'::regnamespace and i.indisprimary and a.attname <> 'tenant_id' order by c.relname collate "C"`,
    );
    expect(rows.map(({ table }) => table)).toEqual(['checkpoints', 'dead_letters', 'migrations', 'offsets']);
  });
});
