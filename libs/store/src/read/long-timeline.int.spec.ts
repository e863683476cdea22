import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { ActivityEvent } from '#libs/contracts';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { openQueryStore, type OpenQueryStore } from './open-query-store.js';
import { expectedPage } from './testdata/expected-page.js';
import { WrittenLog } from './testdata/written-log.js';
import type { ReadScope, TimelinePage, TimelineQuery } from './types.js';

const TENANT = randomUUID();
const LENGTH = 10_400;
const scope: ReadScope = { tenantId: TENANT, audience: 'staff' };
const account: TimelineQuery = { timeline: { kind: 'entity', type: 'account', id: 'big' }, filter: {}, limit: 50 };
const START = 1_700_000_000_000_000n;
const HOUR = 3_600_000_000n;

let database: FreshDatabase;
let owner: pg.Client;
let written: WrittenLog;
let store: OpenQueryStore;
let template: ActivityEvent;

beforeAll(async () => {
  database = await freshDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  written = await WrittenLog.open(database.url);
  store = await openQueryStore({ url: connectionFor(database.url, 'query'), poolSize: 1, applicationName: 'spec' });
  template = anEvent({ tenantId: TENANT, entities: [{ type: 'account', id: 'big' }] });
  await grow(LENGTH);
}, 60_000);
afterAll(async () => {
  await Promise.all([store?.close(), written?.close(), owner?.end()]);
  await database?.drop();
});

/** One event an hour; every hundredth is of another type. */
async function grow(count: number): Promise<void> {
  const length = written.of(TENANT).length;
  const events = Array.from({ length: count }, (_, index): ActivityEvent => {
    const nth = length + index;
    return { ...template, sourceId: `s${nth}`, type: nth % 100 === 0 ? 'deal.won' : 'note.added', occurredAt: START + BigInt(nth) * HOUR };
  });
  for (let start = 0; start < count; start += 2000) await written.append(events.slice(start, start + 2000));
}

async function countAll(): Promise<void> {
  await owner.query(
    `insert into annals.timeline_counts
     select tenant_id, ref, bucket, count(*) from annals.timeline where retracted_at_position is null group by tenant_id, ref, bucket`,
  );
  await owner.query(`insert into annals.checkpoints select 'timeline_counts', tenant_id, position from annals.heads`);
}

const read = (query: Partial<TimelineQuery>): Promise<TimelinePage> => store.timelinePage(scope, { ...account, ...query });
const totalOf = async (query: Partial<TimelineQuery>) => {
  const { total, totalIsFloor } = await read({ countTotal: true, ...query });
  return { total, totalIsFloor };
};
async function expectPage(query: Partial<TimelineQuery>): Promise<void> {
  const found = await read(query);
  const expected = expectedPage(written.of(TENANT), scope, { ...account, ...query });
  expect({ positions: found.rows.map(({ position }) => BigInt(position)), hasMore: found.hasMore }).toEqual({
    positions: expected.positions,
    hasMore: expected.hasMore,
  });
}

/** The log only grows, and is counted at one point: the tests stand in that order. */
describe('a timeline of more than 10,000 rows', () => {
  it('without counters has a floor as its total, and exact totals of what a filter leaves', async () => {
    expect(await totalOf({})).toEqual({ total: 10_000, totalIsFloor: true });
    expect(await totalOf({ filter: { types: ['deal.won'] } })).toEqual({ total: LENGTH / 100, totalIsFloor: false });
  });

  it('is paged by number to its end without counters', async () => {
    for (const page of [1, 150, 208, 209]) await expectPage({ page });
  }, 60_000);

  it('with counters has its exact total, and the same pages', async () => {
    await countAll();
    expect(await totalOf({})).toEqual({ total: LENGTH, totalIsFloor: false });
    for (const page of [1, 2, 21, 150, 208, 209]) await expectPage({ page, countTotal: true });
  }, 60_000);

  it('corrects counters that lag for what was appended and taken back since, and for pins before them', async () => {
    await grow(1500);
    await written.append(
      ['s5', 's6000', 's10399', 's10400', 's11899'].map((targetEventId, index) => ({
        ...template,
        sourceId: `retraction ${index}`,
        effect: { kind: 'retract-event', targetEventId },
      })),
    );
    const head = BigInt(LENGTH + 1505);
    expect(await totalOf({})).toEqual({ total: LENGTH + 1500, totalIsFloor: false });
    for (const pin of [head, head - 3n, head - 5n, BigInt(LENGTH), BigInt(LENGTH - 700)]) {
      expect(await totalOf({ pin })).toEqual({
        total: expectedPage(written.of(TENANT), scope, { ...account, pin }).total,
        totalIsFloor: false,
      });
      for (const page of [1, 205, 238]) await expectPage({ page, pin });
    }
  }, 60_000);

  it('does not trust counters that are far from the pin', async () => {
    expect(await totalOf({ pin: BigInt(LENGTH - 2001) })).toEqual({ total: 8399, totalIsFloor: false });
    await grow(600);
    expect(await totalOf({})).toEqual({ total: 10_000, totalIsFloor: true });
    for (const page of [1, 208, 250]) await expectPage({ page });
  }, 60_000);

  it('tells how much is newer exactly up to 1,000 events, and beyond at least a floor', async () => {
    const head = BigInt(written.of(TENANT).length);
    const newerThan = async (pin: bigint, query: Partial<TimelineQuery> = {}) => {
      const { newer, newerIsFloor } = await read({ pin, countNewer: true, ...query });
      return { newer, newerIsFloor };
    };
    expect(await newerThan(head)).toEqual({ newer: 0, newerIsFloor: false });
    expect(await newerThan(head - 150n)).toEqual({ newer: 150, newerIsFloor: false });
    expect(await newerThan(head - 1000n, { filter: { types: ['deal.won'] } })).toEqual({ newer: 9, newerIsFloor: false });
    // of the newest 2,000 rows, one is taken back
    expect(await newerThan(1n)).toEqual({ newer: 1999, newerIsFloor: true });
    expect(await newerThan(1n, { timeline: { kind: 'entity', type: 'account', id: 'unknown' } })).toEqual({
      newer: 0,
      newerIsFloor: false,
    });
  });
});
