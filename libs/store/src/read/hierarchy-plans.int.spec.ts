import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { ACCOUNT_PARENTS_SO_FAR } from '../migrations/1764000000012-hierarchy.js';
import { FAR_PAGE, NEAR_PAGE, PLANS, PLANS_OF_A_PAGE, READ_TREE } from './hierarchy-stream-queries.js';
import { WrittenLog } from './testdata/written-log.js';

const TENANT = randomUUID();
const ACCOUNTS = 300;

let database: FreshDatabase;
let owner: pg.Client;
let client: pg.Client;
let plans: string[];

/** A tree of three levels under account top, with notes in many months. */
beforeAll(async () => {
  database = await freshDatabase();
  const written = await WrittenLog.open(database.url);
  const parentOf = (n: number): string => (n < 10 ? 'top' : `a${n % 10}`);
  const tree = Array.from({ length: ACCOUNTS }, (_, n) =>
    anEvent({
      ...{ tenantId: TENANT, type: 'account.parent_changed', time: '2010-01-01T00:00:00Z' },
      entities: [
        { type: 'account', id: `a${n}` },
        { type: 'account', id: parentOf(n), role: 'parent' },
      ],
      payload: { toParentId: parentOf(n) },
    }),
  );
  const notes = Array.from({ length: 3000 }, (_, n) =>
    anEvent({
      tenantId: TENANT,
      time: new Date(Date.UTC(2010, 0, 2) + n * 44 * 3_600_000).toISOString(),
      entities: [{ type: 'account', id: `a${n % ACCOUNTS}` }],
    }),
  );
  await written.append([...tree, ...notes]);
  await written.close();
  owner = new pg.Client({ connectionString: database.url });
  client = new pg.Client({ connectionString: database.url });
  await Promise.all([owner.connect(), client.connect()]);
  client.on('notice', ({ message }) => plans.push(message ?? ''));
  await client.query('analyze');
  await client.query(`load 'auto_explain'`);
  await client.query(
    `set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_level = notice;
     set auto_explain.log_analyze = on; set auto_explain.log_timing = off`,
  );
  await client.query('set role annals_query');
});
afterAll(async () => {
  await Promise.all([client?.end(), owner?.end()]);
  await database?.drop();
});

/** The plans of all statements inside the function that touch a table. */
async function plansOf(tail: string): Promise<string> {
  plans = [];
  await client.query(`select lines from annals.read_hierarchy('${TENANT}', 'staff', null, 'top', ${tail}, '')`);
  return plans.filter((plan) => plan.includes('Index')).join('\n');
}

describe('a page of what happened below an account', () => {
  it.each([
    ['the first page', `null, null, null, null, null, null, null, null, 50, null, null, null, false, false`],
    ['a page by cursor', `2, null, null, null, null, null, null, 3300, 50, '2020-01-01', 5, null, false, false`],
    [
      'a filtered page with its total',
      `1, '{note.added}', 'human', 'jane@example.com', '2011-01-01', '2024-01-01', false, 100, 50, null, null, 2, true, false`,
    ],
    ['a page with what is newer', `null, null, null, null, null, null, null, 3000, 50, null, null, null, false, true`],
  ])('walks indexes only: %s', async (_, tail) => {
    const text = await plansOf(tail);
    expect(text).toMatch(/Index Scan Backward using timeline_pkey/);
    expect(text).toMatch(/using account_parents_of/);
    expect(text).toMatch(/using account_parents_pkey/);
    expect(text).toMatch(/using timeline_few/);
    expect(text).not.toMatch(/Seq Scan|Bitmap|Merge Join|Gather/);
  });

  it('reads on only in the accounts that can reach the page, not in all', async () => {
    const text = await plansOf(`null, null, null, null, null, null, null, null, 50, null, null, null, false, false`);
    const keys = text.split(/(?=Query Text:)/).find((plan) => plan.includes('bound_at')) ?? '';
    const loops = [...keys.matchAll(/using timeline_pkey.*?rows=([\d.]+) loops=(\d+)/g)].map(
      ([, rows, times]) => Number(rows) * Number(times),
    );
    expect(loops).toHaveLength(2);
    // once into every account, and then the rows of the page
    expect(loops[0]).toBeLessThanOrEqual(ACCOUNTS * 1.01);
    expect(loops[1]).toBeLessThanOrEqual(51 * 1.01);
  });
});

describe('a step onwards through what happened below an account', () => {
  it.each([
    ['near the head, by the log', NEAR_PAGE, 3_200],
    ['far from it, by the keys of the accounts', FAR_PAGE, 0],
  ])('walks indexes only: %s', async (_, page, after) => {
    await client.query(`begin read only; select annals.begin_read('${TENANT}', 'staff', null)`);
    plans = [];
    await client.query(PLANS);
    const { rows } = await client.query<(string | null)[]>({ ...READ_TREE, rowMode: 'array', values: [TENANT, 'top', null, null, null] });
    await client.query(PLANS_OF_A_PAGE);
    const values = [TENANT, 'top', rows[0]?.[1], null, null, null, null, null, false, after, 3_300, 50, 500_000, ''];
    const step = await client.query<(string | null)[]>({ ...page, rowMode: 'array', values });
    await client.query('commit');
    expect(String(step.rows[0]?.[0]).startsWith('50')).toBe(true);
    const text = plans.filter((plan) => plan.includes('Index')).join('\n');
    expect(text).toMatch(/using account_parents_of/);
    expect(text).toMatch(/using timeline_pkey/);
    expect(text).not.toMatch(/Seq Scan|Bitmap|Merge Join|Gather/);
    // what is met by a hash is the memberships, once
    expect(text.match(/Hash (Right |Left |)Join/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });
});

describe('the table of parents', () => {
  it('is made from a log written before it as it is kept up with one written after', async () => {
    const select = 'select * from annals.account_parents order by tenant_id, account, occurred_at, position';
    const kept = (await owner.query(select)).rows as unknown[];
    expect(kept).toHaveLength(ACCOUNTS);
    await owner.query('begin');
    await owner.query('delete from annals.account_parents');
    await owner.query(ACCOUNT_PARENTS_SO_FAR);
    expect((await owner.query(select)).rows).toEqual(kept);
    await owner.query('rollback');
  });
});
