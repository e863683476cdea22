import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { timelineOf } from '#libs/timelines';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { refDigest } from '../prepare/ref-digest.js';
import { streamPage } from './stream-page.js';
import { streamRound } from './stream-round.js';
import { ACTORS, eventsOf, someLog, someTime, TYPES } from './testdata/arbitrary-log.js';
import { expectedPage } from './testdata/expected-page.js';
import { WrittenLog } from './testdata/written-log.js';
import type { ReadScope, StreamQuery, TimelineName } from './types.js';
import { parseTime } from '#libs/contracts';

let database: FreshDatabase;
let written: WrittenLog;
let pool: pg.Pool;

beforeAll(async () => {
  database = await freshDatabase();
  written = await WrittenLog.open(database.url);
  pool = new pg.Pool({ connectionString: connectionFor(database.url, 'query'), max: 2 });
});
afterAll(async () => {
  await Promise.all([pool?.end(), written?.close()]);
  await database?.drop();
});

const BYTES = 1_000_000;
const staff = (tenantId: string): ReadScope => ({ tenantId, audience: 'staff' });
const customer = (tenantId: string, id: string): ReadScope => ({ tenantId, audience: 'customer', customer: { type: 'contact', id } });

/** Steps onwards until the head. */
async function walk(scope: ReadScope, query: StreamQuery): Promise<bigint[]> {
  const positions: bigint[] = [];
  for (let after = query.after ?? 0n; ;) {
    const page = await streamPage(pool, scope, { ...query, after });
    expect(page.rows.length).toBeLessThanOrEqual(query.limit);
    positions.push(...page.rows.map(({ position }) => BigInt(position)));
    expect(page.reached >= after).toBe(true);
    if (page.reached === page.head) return positions;
    expect(page.reached > after).toBe(true);
    after = page.reached;
  }
}

const timelines: TimelineName[] = [
  { kind: 'feed' },
  { kind: 'entity', type: 'contact', id: 'a' },
  { kind: 'entity', type: 'account', id: 'x' },
  { kind: 'entity', type: 'contact', id: 'nobody' },
];
const someFilter = fc.record(
  {
    types: fc.subarray(TYPES, { minLength: 1 }),
    actor: fc.constantFrom(...ACTORS, { id: 'jane' }),
    from: someTime.map((time) => parseTime(time) as bigint),
    to: someTime.map((time) => parseTime(time) as bigint),
    includeRetracted: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('a step onwards through the log', () => {
  it('brings what the list shows, in position order, whatever the size of the steps, the filter and the reader', async () => {
    const asked = fc.record({
      timeline: fc.constantFrom(...timelines),
      filter: someFilter,
      asCustomer: fc.boolean(),
      limit: fc.integer({ min: 1, max: 9 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(someLog, fc.array(asked, { minLength: 1, maxLength: 6 }), async (steps, questions) => {
        const tenantId = randomUUID();
        await written.append(eventsOf(steps, anEvent, tenantId));
        const log = written.of(tenantId);
        for (const { timeline, filter, asCustomer, limit, share } of questions) {
          const scope = asCustomer ? customer(tenantId, 'a') : staff(tenantId);
          const after = BigInt(Math.floor(share * log.length));
          const entity = timeline.kind === 'entity' ? timeline : undefined;
          const found = await walk(scope, { entity, filter, after, limit, bytes: BYTES });
          const shown = expectedPage(log, scope, { timeline, filter, limit: 1000 }).positions;
          expect(found).toEqual(shown.filter((position) => position > after).sort((a, b) => Number(a - b)));
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('takes the rows of a long way from the key of the timeline, and those of a short one from the log, and they agree', async () => {
    const tenantId = randomUUID();
    const events = Array.from({ length: 2_500 }, (_, n) =>
      anEvent({
        tenantId,
        entities: [{ type: 'contact', id: n % 3 === 0 ? 'mine' : 'other' }],
        time: new Date(Date.UTC(2026, n % 5, 1)).toISOString(),
      }),
    );
    for (let i = 0; i < events.length; i += 500) await written.append(events.slice(i, i + 500));
    const mine = written.of(tenantId).filter(({ event }) => event.entities.some((entity) => timelineOf(entity) === 'contact/mine'));
    const query: StreamQuery = { entity: { type: 'contact', id: 'mine' }, filter: {}, limit: 100, bytes: BYTES };
    for (const after of [0n, 1_499n, 1_500n, 2_499n])
      expect(await walk(staff(tenantId), { ...query, after })).toEqual(mine.map(({ position }) => position).filter((at) => at > after));
  });

  it('ends where the payloads have become large, but holds one event at least', async () => {
    const tenantId = randomUUID();
    const text = 'x'.repeat(1000);
    await written.append(Array.from({ length: 10 }, () => anEvent({ tenantId, payload: { text } })));
    const read = (bytes: number) => streamPage(pool, staff(tenantId), { filter: {}, after: 0n, limit: 100, bytes });
    expect((await read(1)).reached).toBe(1n);
    expect((await read(2_500)).reached).toBe(3n);
    expect(await walk(staff(tenantId), { filter: {}, after: 0n, limit: 100, bytes: 2_500 })).toHaveLength(10);
  });

  it('of several tenants brings each its own, in the order asked, also where a text holds the marks between fields', async () => {
    const [one, two, none] = [randomUUID(), randomUUID(), randomUUID()];
    const marked = anEvent({ tenantId: two, id: 'b' }, { summary: 'before\u001e\u001fafter' });
    await written.append([anEvent({ tenantId: one, id: 'a' }), marked, anEvent({ tenantId: one, id: 'c' })]);
    const asked = [two, none, one].map((tenantId) => ({ tenantId, after: 0n }));
    const pages = await streamRound(pool, asked, 5, BYTES);
    expect(pages.map(({ rows }) => rows.map(({ sourceId }) => sourceId))).toEqual([['b'], [], ['a', 'c']]);
    expect(pages.map(({ reached, head }) => [reached, head])).toEqual([
      [1n, 1n],
      [0n, 0n],
      [2n, 2n],
    ]);
    const { rows } = await pool.query<{ tenant: string | null }>(`select current_setting('annals.tenant', true) as tenant`);
    expect(rows[0]?.tenant ?? '').toBe('');
  });

  it('of several tenants brings what the feed of each brings alone, whatever the size of the steps', async () => {
    const place = fc.record({ steps: someLog, share: fc.double({ min: 0, max: 1, noNaN: true }) });
    const sizes = fc.record({ limit: fc.integer({ min: 1, max: 9 }), bytes: fc.constantFrom(1, 100, 2_500, BYTES) });
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 3 }), sizes, async (places, { limit, bytes }) => {
        const asked: { tenantId: string; after: bigint }[] = [];
        for (const { steps, share } of places) {
          const tenantId = randomUUID();
          await written.append(eventsOf(steps, anEvent, tenantId));
          asked.push({ tenantId, after: BigInt(Math.floor(share * (written.of(tenantId).length + 1))) });
        }
        const alone = ({ tenantId, after }: (typeof asked)[number]) =>
          streamPage(pool, staff(tenantId), { filter: { includeRetracted: true }, after, limit, bytes });
        const pages = await Promise.all(asked.map(alone));
        expect(await streamRound(pool, asked, limit, bytes)).toEqual(pages.map(({ rows, reached, head }) => ({ rows, reached, head })));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('without a place says where the head is, and which timelines are read as one', async () => {
    const tenantId = randomUUID();
    const merged = anEvent({ tenantId }, { effect: { kind: 'merge-contact', fromContactId: 'b', intoContactId: 'a' } });
    await written.append([anEvent({ tenantId }), merged]);
    const ask = (scope: ReadScope, id: string) =>
      streamPage(pool, scope, { entity: { type: 'contact', id }, filter: {}, limit: 5, bytes: BYTES });
    const digests = (...ids: string[]) => ids.map((id) => refDigest('contact', id).toString('hex')).sort();
    const both = await ask(staff(tenantId), 'a');
    expect({ ...both, refs: [...both.refs].sort() }).toEqual({ rows: [], reached: 2n, head: 2n, refs: digests('a', 'b') });
    expect((await ask(customer(tenantId, 'a'), 'a')).refs).toEqual(digests('a'));
    expect((await ask(customer(tenantId, 'a'), 'b')).refs).toEqual([]);
    const feed = await streamPage(pool, staff(randomUUID()), { filter: {}, limit: 5, bytes: BYTES });
    expect(feed).toEqual({ rows: [], reached: 0n, head: 0n, refs: [] });
  });
});
