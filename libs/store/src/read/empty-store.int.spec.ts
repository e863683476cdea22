import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { WrittenLog } from './testdata/written-log.js';

let database: FreshDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

describe('a plan that was made while the store was empty', () => {
  it.each([
    ['an event by its position', 'events', 'position = $2', 'events_pkey', 1],
    ['an event by its id', 'events', 'id = $2', 'events_tenant_id_id_key', randomUUID()],
    ['what took an event away', 'retracted', 'position = $2', 'retracted_pkey', 1],
  ])('finds %s by the index made for it', async (_, table, condition, index, value) => {
    await client.query('set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off');
    const tenantId = randomUUID();
    const name = `plan_${table}_${index}`;
    await client.query(`prepare ${name} as select * from annals.${table} where tenant_id = $1 and ${condition}`);
    const execute = `explain execute ${name} ('${tenantId}', '${value}')`;
    await client.query(execute);
    const written = await WrittenLog.open(database.url);
    await written.append(Array.from({ length: 50 }, () => anEvent({ tenantId })));
    await written.close();
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(execute);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(`Index Scan using ${index}`);
  });
});
