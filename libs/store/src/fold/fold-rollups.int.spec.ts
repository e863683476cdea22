import fc from 'fast-check';
import pg from 'pg';
import type { ActivityEvent, EntityRef } from '#libs/contracts';
import { foldRollups as foldPlainly } from '#libs/rollups';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { foldTimelines, FEED } from '#libs/timelines';
import { connectionFor } from '../connect/connection-for.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { readRollups, type RollupQuery } from '../read/rollups.js';
import { WrittenLog } from '../read/testdata/written-log.js';
import { foldRollups } from './fold-rollups.js';

let database: FreshDatabase;
let owner: pg.Client;
let log: WrittenLog;
let automation: Database;
let reader: Database;

beforeAll(async () => {
  database = await freshDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  log = await WrittenLog.open(database.url);
  const as = (role: 'automation' | 'query') =>
    openDatabase({ url: connectionFor(database.url, role), poolSize: 4, applicationName: 'spec' });
  [automation, reader] = await Promise.all([as('automation'), as('query')]);
});
afterAll(async () => {
  await Promise.all([log.close(), automation.close(), reader.close(), owner.end()]);
  await database.drop();
});

/** The events of the tenant that show, by a fold of its log that knows nothing of SQL. */
function shown(tenantId: string): ActivityEvent[] {
  const entries = log.of(tenantId);
  const rows = foldTimelines(entries).timelines.get(FEED) ?? [];
  const positions = new Set(rows.filter((row) => row.retractedAtPosition === null).map((row) => row.position));
  return entries.filter(({ position }) => positions.has(position)).map(({ event }) => event);
}

async function stored(tenantId: string): Promise<unknown[]> {
  const { rows } = await owner.query<{ row: unknown[] }>(
    `select jsonb_build_object('dimension', dimension, 'day', day, 'key', key, 'type', type, 'entries', entries) as row from annals.rollups
     where tenant_id = $1 and entries <> 0 order by jsonb_build_array(dimension, day, key, type)::text collate "C"`,
    [tenantId],
  );
  return rows.map(({ row }) => row);
}

const byText = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

const entities = fc
  .uniqueArray(fc.record({ type: fc.constantFrom('account', 'contact'), id: fc.constantFrom('1', '2') }, { noNullPrototype: true }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ type, id }) => type + id,
  })
  .map((refs) => [...refs, { ...refs[0]!, role: 'again' }] as EntityRef[]);
const said = fc.record({
  entities,
  tenantId: fc.constantFrom(TENANT, OTHER_TENANT),
  time: fc.constantFrom('2025-12-31T23:59:59.999999Z', '2026-01-01T00:00:00Z', '2019-02-28T10:00:00+14:00', '2026-01-15T09:00:00Z'),
  actor: fc.constantFrom(
    { type: 'human', id: 'jane' } as const,
    { type: 'agent', id: 'jane' } as const,
    { type: 'system', id: 's' } as const,
  ),
});
const deed = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ does: 'nothing' as const, pick: 0 }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('retract' as const), pick: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('comment' as const, 'delete' as const), pick: fc.nat(2) }) },
);
const batches = fc.array(fc.array(fc.tuple(said, deed), { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 5 });

/** One step of a log whose producer is the run: retractions may name what comes later, or nothing at all. */
function eventOf(run: number, number: number, given: object, { does, pick }: { does: string; pick: number }): ActivityEvent {
  const draft = { ...given, source: `urn:run:${run}`, id: `n-${number}` };
  if (does === 'retract') return anEvent({ ...draft, type: 'activity.retracted', payload: { targetEventId: `n-${pick}` } });
  if (does === 'comment') return anEvent({ ...draft, type: 'comment.added', payload: { commentId: `${run}-${pick}`, text: 'so it is' } });
  if (does === 'delete') return anEvent({ ...draft, type: 'comment.deleted', payload: { commentId: `${run}-${pick}` } });
  return anEvent(draft);
}

describe('the roll-ups', () => {
  it('equal a plain fold of the whole log, with late, backdated and retracted events, wherever they were folded in between', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(batches, fc.infiniteStream(fc.boolean()), async (steps, folds) => {
        let number = 0;
        run++;
        for (const batch of steps) {
          await log.append(batch.map(([given, done]) => eventOf(run, number++, given, done)));
          if (folds.next().value) await foldRollups(automation);
        }
        await foldRollups(automation);
        for (const tenant of [TENANT, OTHER_TENANT]) {
          expect(byText((await stored(tenant)) as object[])).toEqual(byText(foldPlainly(shown(tenant))));
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('take no event twice when several fold at once', async () => {
    await log.append(Array.from({ length: 50 }, (_, n) => anEvent({ id: `at-once-${n}` })));
    const folded = await Promise.all(Array.from({ length: 4 }, () => foldRollups(automation)));
    expect(folded.reduce((sum, n) => sum + n, 0)).toBe(50);
    expect(byText((await stored(TENANT)) as object[])).toEqual(byText(foldPlainly(shown(TENANT))));
  });
});

describe('reading roll-ups', () => {
  const tenantId = 'b7a6f1de-0000-4000-8000-00000000000a';
  const whole = { by: 'type', from: '2026-01-01', to: '2026-12-31', granularity: 'day', limit: 50 } as const;
  const read = (query: Partial<RollupQuery>) => readRollups(reader.pool, tenantId, { ...whole, ...query });

  beforeAll(async () => {
    const jane = { type: 'human', id: 'jane' } as const;
    const at = (time: string, ids: string[], type = 'deal.won', actor: object = jane) =>
      anEvent({
        tenantId,
        type,
        time,
        actor: actor as typeof jane,
        entities: [{ type: 'deal', id: 'd' }, ...ids.map((id) => ({ type: 'account', id }))],
        payload: type === 'note.added' ? { text: 'x' } : {},
      });
    await log.append([
      at('2026-01-05T10:00:00Z', ['a', 'b']),
      at('2026-01-06T10:00:00Z', ['a']),
      at('2026-02-01T10:00:00Z', ['a'], 'note.added', { type: 'agent', id: 'drafter' }),
    ]);
    await foldRollups(automation);
    await log.append([at('2026-01-05T11:00:00Z', ['c'])]);
  });

  it('says for each day and key how many, up to which position, and how many came since', async () => {
    expect(await read({})).toEqual({
      items: [
        { day: '2026-01-05', key: 'deal.won', count: 1 },
        { day: '2026-01-06', key: 'deal.won', count: 1 },
        { day: '2026-02-01', key: 'note.added', count: 1 },
      ],
      asOf: 3n,
      lag: 1n,
    });
  });

  it.each([
    [{ by: 'actorKind', granularity: 'month' }, ['2026-01-01 human 2', '2026-02-01 agent 1']],
    [{ by: 'account', granularity: 'week' }, ['2026-01-05 a 2', '2026-01-05 b 1', '2026-01-26 a 1']],
    [{ by: 'account', limit: 1, to: '2026-01-31' }, ['2026-01-05 a 1', '2026-01-06 a 1']],
    [{ by: 'user' }, ['2026-01-05 jane 1', '2026-01-06 jane 1']],
    [{ by: 'type', account: 'b' }, ['2026-01-05 deal.won 1']],
    [{ by: 'account', types: ['note.added'] }, ['2026-02-01 a 1']],
    [{ by: 'type', from: '2026-01-06', to: '2026-01-06' }, ['2026-01-06 deal.won 1']],
    [{ by: 'type', types: [] }, []],
  ] as const)('%j: %j', async (query, expected) => {
    const { items } = await read(query);
    expect(items.map(({ day, key, count }) => `${day} ${key} ${count}`)).toEqual(expected);
  });

  it('shows another tenant nothing', async () => {
    expect(await readRollups(reader.pool, 'b7a6f1de-0000-4000-8000-00000000000b', whole)).toEqual({ items: [], asOf: 0n, lag: 0n });
    expect((await reader.pool.query('select * from annals.rollups')).rows).toEqual([]);
  });

  it('never touches the log: the plans name roll-ups, heads and checkpoints, each by its key', async () => {
    const plans: string[] = [];
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    client.on('notice', ({ message }) => plans.push(message ?? ''));
    await client.query(`load 'auto_explain'`);
    await client.query(
      'set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_level = notice',
    );
    await client.query('set role annals_query');
    for (const [dimension, byType, account] of [
      ['actor_kind', true, null],
      ['account', false, null],
      ['account', true, 'a'],
      ['user', false, null],
    ]) {
      const values = [tenantId, dimension, byType, '2025-01-01', '2026-02-01', 'day', null, account, 50];
      await client.query('select * from annals.read_rollups($1, $2, $3, $4, $5, $6, $7, $8, $9)', values);
    }
    await client.end();
    const text = plans.join('\n');
    expect(text).toMatch(/Index (Only )?Scan using rollups_pkey on rollups/);
    expect(text).not.toMatch(/ on (events|timeline|months|retracted)\b/);
    expect(text).not.toMatch(/Seq Scan|Bitmap/);
  });
});
