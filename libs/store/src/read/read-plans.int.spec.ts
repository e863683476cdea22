import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { WrittenLog } from './testdata/written-log.js';

const TENANT = randomUUID();

let database: FreshDatabase;
let client: pg.Client;
let plans: string[];

/** The owner, who alone may load auto_explain, in the role of the reader: the plans are those of the reader. */
beforeAll(async () => {
  database = await freshDatabase();
  const written = await WrittenLog.open(database.url);
  const events = Array.from({ length: 400 }, (_, index) => anEvent({ tenantId: TENANT, time: `20${10 + (index % 15)}-01-15T09:00:00Z` }));
  await written.append(events);
  await written.close();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  client.on('notice', ({ message }) => plans.push(message ?? ''));
  await client.query('analyze');
  await client.query(`load 'auto_explain'`);
  await client.query(
    `set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_level = notice`,
  );
  await client.query('set role annals_query');
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

/** The plans of all statements inside the function that touch a table. */
async function plansOf(tail: string): Promise<string> {
  plans = [];
  await client.query(`select lines from annals.read_timeline('${TENANT}', 'staff', null, ${tail}, '')`);
  return plans.filter((plan) => plan.includes('Index')).join('\n');
}

const PAGES: readonly (readonly [string, string])[] = [
  [
    'the first page of a contact',
    `'contact', 'contact-abc', null, null, null, null, null, null, null, null, 50, null, null, null, false, false`,
  ],
  ['the first page of the feed', `null, null, null, null, null, null, null, null, null, null, 50, null, null, null, false, false`],
  ['a page of the feed by cursor', `null, null, true, null, null, null, null, null, null, 300, 50, '2020-01-01', 5, null, false, false`],
  ['a page far behind by its number', `null, null, null, null, null, null, null, null, null, null, 50, null, null, 7, true, false`],
  [
    'a filtered page with its total and what is newer',
    `'account', 'acc-1', null, '{note.added}', 'human', 'jane@example.com', '2011-01-01', '2024-01-01', false, 100, 50, null, null, null, true, true`,
  ],
];

describe('the plan of', () => {
  it.each(PAGES)('%s walks indexes only: no table is scanned, no page is sorted', async (_, tail) => {
    const text = await plansOf(tail);
    expect(text).toMatch(/Index (Only )?Scan Backward using timeline_pkey/);
    expect(text).not.toMatch(/Seq Scan|Bitmap|Hash|Merge Join|Gather/);
    // what is newer is counted apart, and once each
    const withoutCounts = text.split(/(?=Query Text:)/).filter((plan) => !plan.includes('count('));
    expect(withoutCounts.join('\n')).not.toContain('Sort');
  });

  it('an unfiltered page reads its keys from the index alone, under row-level security', async () => {
    const text = await plansOf(PAGES[1]![1]);
    expect(text).toMatch(/Index Only Scan Backward using timeline_pkey on timeline/);
    expect(text).not.toMatch(/Index Scan (Backward )?using timeline_pkey/);
  });
});
