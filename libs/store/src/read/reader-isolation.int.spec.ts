import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { openQueryStore } from './open-query-store.js';
import { eventById } from './event-by-id.js';
import { WrittenLog } from './testdata/written-log.js';
import { timelinePage } from './timeline-page.js';
import type { ReadScope, TimelineQuery } from './types.js';

const [A, B] = [randomUUID(), randomUUID()];
const FEED: TimelineQuery = { timeline: { kind: 'feed' }, filter: {}, limit: 50, countTotal: true };
const CONTACT: TimelineQuery = { ...FEED, timeline: { kind: 'entity', type: 'contact', id: 'c' } };
const SETTINGS = `select current_setting('annals.tenant', true) as tenant, current_setting('annals.audience', true) as audience,
                         current_setting('annals.customer', true) as customer`;

let database: FreshDatabase;
let written: WrittenLog;
let pool: pg.Pool;

beforeAll(async () => {
  database = await freshDatabase();
  written = await WrittenLog.open(database.url);
  for (const tenantId of [A, B]) {
    const event = (id: string, contact: string, visible: boolean) =>
      anEvent({ tenantId, id, entities: [{ type: 'contact', id: contact }] }, { customerVisible: visible });
    await written.append([event('seen', 'c', true), event('hidden', 'c', false), event('other', 'd', true)]);
    const effects = [
      { kind: 'retract-event', targetEventId: 'other' },
      { kind: 'open-comment', commentId: 'k', parentCommentId: null },
      { kind: 'merge-contact', fromContactId: 'd', intoContactId: 'c' },
      { kind: 'unmerge-contact', mergeEventId: 'unknown' },
    ] as const;
    await written.append(effects.map((effect) => anEvent({ tenantId, entities: [{ type: 'contact', id: 'c' }] }, { effect })));
  }
  pool = new pg.Pool({ connectionString: connectionFor(database.url, 'query'), max: 2 });
});
afterAll(async () => {
  await Promise.all([pool?.end(), written?.close()]);
  await database?.drop();
});

const staff = (tenantId: string): ReadScope => ({ tenantId, audience: 'staff' });
const customer = (tenantId: string): ReadScope => ({ tenantId, audience: 'customer', customer: { type: 'contact', id: 'c' } });
const idsOf = (tenantId: string): string[] => written.of(tenantId).map(({ id }) => id);

/** Rows of every table that a reader may select from, as seen by `client`. */
async function visibleRows(client: pg.ClientBase): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'annals'::regnamespace and relkind in ('r', 'p', 'v')
        and has_table_privilege(oid, 'select') and relname <> 'migrations' order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const { rows: found } = await client.query<{ n: number }>(`select count(*)::int as n from annals.${name}`);
    counts[name] = found[0]!.n;
  }
  return counts;
}

async function asReader<T>(settings: Record<string, string>, act: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const [name, value] of Object.entries(settings)) await client.query('select set_config($1, $2, true)', [`annals.${name}`, value]);
    return await act(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

describe('a connection of the reading role', () => {
  it('sees no row of any table while nobody says who reads', async () => {
    const rows = await asReader({}, visibleRows);
    expect(Object.keys(rows)).toEqual(expect.arrayContaining(['events', 'timeline', 'heads', 'months', 'merges', 'retracted']));
    expect(new Set(Object.values(rows))).toEqual(new Set([0]));
    const half = await asReader({ tenant: A }, visibleRows);
    expect(new Set(Object.values(half))).toEqual(new Set([0]));
  });

  it('sees one tenant as staff, and of it only what a customer may as that customer', async () => {
    const asStaff = await asReader({ tenant: A, audience: 'staff' }, visibleRows);
    expect(asStaff).toMatchObject({ events: 7, heads: 1, merges: 1, unmerges: 1, comments: 1 });
    const asCustomer = await asReader({ tenant: A, audience: 'customer', customer: 'contact/c' }, visibleRows);
    expect(asCustomer).toMatchObject({ events: 1, timeline: 1, merges: 0, unmerges: 0, comments: 0, retractions: 0, retracted: 0 });
  });

  it('may write nothing', async () => {
    for (const write of ['delete from annals.timeline', `update annals.heads set position = 0`, 'truncate annals.events']) {
      await expect(asReader({ tenant: A, audience: 'staff' }, (client) => client.query(write))).rejects.toThrow(/permission denied/);
    }
  });
});

describe('a read', () => {
  it('brings the rows of the tenant it names, even in a transaction that speaks for another', async () => {
    const lines = await asReader({ tenant: B, audience: 'staff' }, async (client) => {
      const { rows } = await client.query<{ lines: string }>(
        `select lines from annals.read_timeline($1, 'staff', null, null, null, null, null, null, null, null, null, null, null, 50, null, null, null, null, null, '')`,
        [A],
      );
      return rows[0]!.lines;
    });
    for (const [index, id] of idsOf(A).entries()) expect(lines.includes(id)).toBe(index !== 2);
    for (const id of idsOf(B)) expect(lines).not.toContain(id);
  });

  it('leaves no tenant on the connection, whether it succeeds or fails', async () => {
    const one = new pg.Pool({ connectionString: connectionFor(database.url, 'query'), max: 1 });
    try {
      for (const act of [
        () => timelinePage(one, customer(A), CONTACT),
        () => eventById(one, staff(A), idsOf(A)[0]!),
        () => timelinePage(one, staff('no uuid'), FEED),
        () => timelinePage(one, staff(A), { ...FEED, limit: -2 }),
      ]) {
        await act().catch(() => undefined);
        const { rows } = await one.query<Record<string, string | null>>(SETTINGS);
        expect(Object.values(rows[0]!).filter((value) => value !== null && value !== '')).toEqual([]);
      }
    } finally {
      await one.end();
    }
  });

  it('never mixes two tenants and two audiences on a pool of two, with failures in between', async () => {
    const ask = async (turn: number): Promise<void> => {
      const tenantId = turn % 2 === 0 ? A : B;
      if (turn % 5 === 4) {
        await expect(timelinePage(pool, staff(tenantId), { ...FEED, limit: -2 })).rejects.toThrow(/LIMIT/);
        return;
      }
      const asCustomer = turn % 3 === 0;
      const page = await timelinePage(pool, asCustomer ? customer(tenantId) : staff(tenantId), asCustomer ? CONTACT : FEED);
      const ids = idsOf(tenantId);
      const expected = asCustomer ? [ids[0]] : [ids[0], ids[1], ids[3], ids[4], ids[5], ids[6]];
      expect(new Set(page.rows.map(({ id }) => id))).toEqual(new Set(expected));
      expect(page.total).toBe(expected.length);
    };
    await Promise.all(Array.from({ length: 300 }, (_, turn) => ask(turn)));
  });

  it('gives another timeline to a customer as it gives an unknown one: empty, and counted as nothing', async () => {
    const other: TimelineQuery = { ...FEED, timeline: { kind: 'entity', type: 'contact', id: 'd' }, countNewer: true, pin: 1n };
    const unknown: TimelineQuery = { ...other, timeline: { kind: 'entity', type: 'contact', id: 'nobody' } };
    const feed: TimelineQuery = { ...other, timeline: { kind: 'feed', aboutCustomers: true } };
    const nothing = { rows: [], hasMore: false, pin: 1n, total: 0, totalIsFloor: false, newer: 0, newerIsFloor: false };
    for (const query of [other, unknown, feed]) expect(await timelinePage(pool, customer(A), query)).toEqual(nothing);
  });

  it('that takes too long ends, and the connection serves the next', async () => {
    const store = await openQueryStore({
      url: connectionFor(database.url, 'query'),
      poolSize: 1,
      applicationName: 'spec',
      statementTimeoutMs: 1000,
    });
    const blocker = new pg.Client({ connectionString: database.url });
    await blocker.connect();
    try {
      await blocker.query('begin; lock table annals.events in access exclusive mode');
      await expect(store.timelinePage(staff(A), FEED)).rejects.toMatchObject({ code: '57014' });
      await blocker.query('rollback');
      expect((await store.timelinePage(staff(A), FEED)).rows).toHaveLength(6);
      await store.ready();
    } finally {
      await Promise.all([store.close(), blocker.end()]);
    }
  });
});
