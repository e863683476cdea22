import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { parseTime, type ActivityEvent } from '#libs/contracts';
import { foldTimelines } from '#libs/timelines';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { openQueryStore, type OpenQueryStore } from './open-query-store.js';
import { ACTORS, eventsOf, someLog, someTime, TYPES } from './testdata/arbitrary-log.js';
import { expectedPage } from './testdata/expected-page.js';
import { WrittenLog } from './testdata/written-log.js';
import type { ReadScope, TimelineFilter, TimelineName, TimelinePage, TimelineQuery } from './types.js';

let database: FreshDatabase;
let owner: pg.Client;
let written: WrittenLog;
let store: OpenQueryStore;

beforeAll(async () => {
  database = await freshDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  written = await WrittenLog.open(database.url);
  store = await openQueryStore({ url: connectionFor(database.url, 'query'), poolSize: 2, applicationName: 'spec' });
});
afterAll(async () => {
  await Promise.all([store?.close(), written?.close(), owner?.end()]);
  await database?.drop();
});

const staff = (tenantId: string): ReadScope => ({ tenantId, audience: 'staff' });
const customer = (tenantId: string, id: string): ReadScope => ({ tenantId, audience: 'customer', customer: { type: 'contact', id } });
const contactNamed = (id: string): TimelineName => ({ kind: 'entity', type: 'contact', id });
const make = (draft: object, exact: Partial<ActivityEvent>): ActivityEvent => anEvent(draft, exact);
const micros = (time: string): bigint => parseTime(time)!;

async function positions(scope: ReadScope, query: Partial<TimelineQuery> & Pick<TimelineQuery, 'timeline'>): Promise<number[]> {
  const { rows } = await store.timelinePage(scope, { filter: {}, limit: 50, ...query });
  return rows.map((row) => Number(row.position));
}

/** The counters as their fold would have left them at `at`. */
async function writeCounts(tenantId: string, at: bigint): Promise<void> {
  const { timelines } = foldTimelines(written.of(tenantId));
  for (const [name, rows] of timelines) {
    if (name !== 'feed' && !name.startsWith('account/')) continue;
    const shown = rows.filter((row) => row.position <= at && (row.retractedAtPosition === null || row.retractedAtPosition > at));
    await owner.query(
      `insert into annals.timeline_counts
       select $1, case $2 when 'feed' then '00000000-0000-0000-0000-000000000000' else annals.ref(split_part($2, '/', 1), split_part($2, '/', 2)) end,
              bucket, count(*) from unnest($3::smallint[]) bucket group by bucket`,
      [tenantId, name, shown.map(({ bucket }) => bucket)],
    );
  }
  await owner.query(`insert into annals.checkpoints values ('timeline_counts', $1, $2)`, [tenantId, at]);
}

const someTimeline: fc.Arbitrary<TimelineName> = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd').map(contactNamed),
  fc.constantFrom('x', 'y').map((id) => ({ kind: 'entity' as const, type: 'account', id })),
  fc.boolean().map((aboutCustomers) => ({ kind: 'feed' as const, aboutCustomers })),
);
const someFilter: fc.Arbitrary<TimelineFilter> = fc.record(
  {
    types: fc.subarray(TYPES, { minLength: 1 }),
    actor: fc.constantFrom<NonNullable<TimelineFilter['actor']>>(...ACTORS, { id: 'jane' }),
    from: someTime.map(micros),
    to: someTime.map(micros),
    includeRetracted: fc.boolean(),
  },
  { requiredKeys: [] },
);
const someReading = fc.record({
  timeline: someTimeline,
  filter: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: someFilter }),
  limit: fc.integer({ min: 1, max: 7 }),
  by: fc.constantFrom('cursor', 'number'),
  reader: fc.constantFrom('staff', 'staff', 'a'),
});

describe('a page of a timeline', () => {
  it('equals the fold of the log, whatever is appended and taken back between pages, by cursor and by number', async () => {
    await fc.assert(
      fc.asyncProperty(
        someLog,
        fc.array(someReading, { minLength: 4, maxLength: 8 }),
        fc.nat(100),
        fc.option(fc.nat(100), { freq: 10 }),
        async (steps, readings, firstShare, countedShare) => {
          const tenantId = randomUUID();
          const events = eventsOf(steps, make, tenantId);
          let sent = Math.ceil((events.length * firstShare) / 100);
          await written.append(events.slice(0, sent));
          if (countedShare !== null) await writeCounts(tenantId, BigInt(Math.floor((sent * countedShare) / 100)));
          for (const { reader, by, ...base } of readings) {
            const scope = reader === 'staff' ? staff(tenantId) : customer(tenantId, reader);
            let before: TimelinePage | undefined;
            for (let page = 1; page <= 6 && before?.hasMore !== false; page++) {
              const query = { ...base, ...continued(before, by, page), countTotal: true, countNewer: true };
              const found = await store.timelinePage(scope, query);
              const expected = expectedPage(written.of(tenantId), scope, { ...query, pin: found.pin });
              expect(figures(found)).toEqual({ ...expected, newerIsFloor: false, totalIsFloor: false });
              expect(found.pin).toBe(before?.pin ?? BigInt(written.of(tenantId).length));
              before = found;
              await written.append(events.slice(sent, sent + 2));
              sent += 2;
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  const continued = (before: TimelinePage | undefined, by: string, page: number): Partial<TimelineQuery> => {
    const last = before?.rows.at(-1);
    if (!before) return {};
    if (by === 'number' || !last) return { pin: before.pin, page };
    return { pin: before.pin, after: { occurredAt: micros(last.occurredAt), position: BigInt(last.position) } };
  };

  const figures = ({ rows, hasMore, newer, newerIsFloor, total, totalIsFloor }: TimelinePage) => ({
    positions: rows.map(({ position }) => BigInt(position)),
    retractedAt: rows.map(({ retractedAtPosition: at }) => (at === null ? null : BigInt(at))),
    hasMore,
    newer,
    newerIsFloor,
    total,
    totalIsFloor,
  });
});

describe('the timeline of a merged contact', () => {
  it('is read as one with every contact it is merged with, each event once, from the merge until it is undone', async () => {
    const tenantId = randomUUID();
    const on = (...ids: string[]) => ({ tenantId, entities: ids.map((id) => ({ type: 'contact', id })) });
    const merge = (fromContactId: string, intoContactId: string) => ({ kind: 'merge-contact', fromContactId, intoContactId }) as const;
    await written.append([
      anEvent({ ...on('a'), time: '2026-01-01T00:00:00Z' }),
      anEvent({ ...on('b'), time: '2026-01-02T00:00:00Z' }),
      anEvent({ ...on('c'), time: '2026-01-03T00:00:00Z' }),
      anEvent({ ...on('a', 'b'), id: 'm1', time: '2026-01-04T00:00:00Z' }, { effect: merge('b', 'a') }),
      anEvent({ ...on('b', 'c'), id: 'm2', time: '2026-01-05T00:00:00Z' }, { effect: merge('c', 'b') }),
      anEvent({ ...on('a', 'b'), time: '2026-01-06T00:00:00Z' }, { effect: { kind: 'unmerge-contact', mergeEventId: 'm1' } }),
    ]);
    const asOf = (pin: bigint) => Promise.all(['a', 'b', 'c'].map((id) => positions(staff(tenantId), { timeline: contactNamed(id), pin })));
    expect(await asOf(3n)).toEqual([[1], [2], [3]]);
    expect(await asOf(4n)).toEqual([[4, 2, 1], [4, 2, 1], [3]]);
    expect(await asOf(5n)).toEqual([
      [5, 4, 3, 2, 1],
      [5, 4, 3, 2, 1],
      [5, 4, 3, 2, 1],
    ]);
    expect(await asOf(6n)).toEqual([
      [6, 4, 1],
      [6, 5, 4, 3, 2],
      [6, 5, 4, 3, 2],
    ]);
  });

  it('stays apart for a customer, who reads its own only', async () => {
    const tenantId = randomUUID();
    const on = (id: string) => ({ tenantId, entities: [{ type: 'contact', id }] });
    const seen = { customerVisible: true };
    await written.append([
      anEvent(on('a'), seen),
      anEvent(on('b'), seen),
      anEvent(on('a'), { effect: { kind: 'merge-contact', fromContactId: 'b', intoContactId: 'a' } }),
    ]);
    expect(await positions(customer(tenantId, 'a'), { timeline: contactNamed('a') })).toEqual([1]);
  });
});

describe('an event row', () => {
  it('brings every field as it was appended, with times in UTC to the microsecond', async () => {
    const tenantId = randomUUID();
    const event = anEvent({
      id: 'full',
      tenantId,
      time: '2026-01-05T15:30:00.123456+01:00',
      recordedTime: '2026-01-05T14:30:02Z',
      actor: { type: 'agent', id: 'drafter', onBehalfOf: 'jane@example.com' },
      correlationId: 'run-771',
      causationId: 'c-1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      summary: '',
      payload: { text: 'Größe 🙂' },
    });
    await written.append([event]);
    const { rows } = await store.timelinePage(staff(tenantId), { timeline: { kind: 'feed' }, filter: {}, limit: 1 });
    expect(rows).toEqual([
      {
        id: written.of(tenantId)[0]!.id,
        position: '1',
        type: 'note.added',
        sourceType: 'note.added',
        version: 1,
        source: 'urn:annals:test',
        sourceId: 'full',
        occurredAt: '2026-01-05T14:30:00.123456Z',
        appendedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
        recordedAt: '2026-01-05T14:30:02.000000Z',
        timeQuality: 'producer',
        ingestMode: 'live',
        actorType: 'agent',
        actorId: 'drafter',
        onBehalfOf: 'jane@example.com',
        correlationId: 'run-771',
        causationId: 'c-1',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        entities: expect.stringContaining('"id"') as string,
        summary: event.summary,
        payload: '{"text":"Größe 🙂"}',
        retractedAtPosition: null,
      },
    ]);
  });

  it('is not confused by stored texts that hold the marks between fields and records', async () => {
    const tenantId = randomUUID();
    const forged = `x\x1e${Array(22).fill('y').join('\x1f')}`;
    await written.append([anEvent({ id: forged, tenantId }), anEvent({ id: 'plain', tenantId, source: 'a\x1fb' })]);
    const { rows } = await store.timelinePage(staff(tenantId), { timeline: { kind: 'feed' }, filter: {}, limit: 5 });
    expect(rows.map(({ source, sourceId }) => [source, sourceId])).toEqual([
      ['a\x1fb', 'plain'],
      ['urn:annals:test', forged],
    ]);
  });

  it('keeps the year 0 and the year 2700', async () => {
    const tenantId = randomUUID();
    const times = ['0000-02-29T12:00:00.000001Z', '2700-12-31T23:59:59.999999Z'];
    await written.append(times.map((time) => anEvent({ tenantId }, { occurredAt: micros(time) })));
    const query: TimelineQuery = { timeline: { kind: 'feed' }, filter: {}, limit: 1 };
    const first = await store.timelinePage(staff(tenantId), query);
    const second = await store.timelinePage(staff(tenantId), { ...query, after: { occurredAt: micros(times[1]!), position: 2n } });
    expect([...first.rows, ...second.rows].map((row) => row.occurredAt)).toEqual([times[1], times[0]]);
    const oldest = await store.timelinePage(staff(tenantId), { ...query, filter: { from: micros(times[0]!), to: micros(times[0]!) + 1n } });
    expect(oldest.rows).toHaveLength(1);
    const between = { from: micros('0000-01-01T00:00:00Z'), to: micros('9999-12-31T00:00:00Z') };
    expect(await positions(staff(tenantId), { timeline: { kind: 'feed' }, filter: between })).toEqual([2, 1]);
    expect(await positions(staff(tenantId), { timeline: { kind: 'feed' }, filter: { from: between.to } })).toEqual([]);
  });
});

describe('an unusual question', () => {
  it('about an unknown tenant, a page far behind the end or a pin in the future is answered with what there is', async () => {
    const tenantId = randomUUID();
    await written.append([anEvent({ tenantId })]);
    expect(await store.timelinePage(staff(randomUUID()), { timeline: { kind: 'feed' }, filter: {}, limit: 5, countTotal: true })).toEqual({
      rows: [],
      pin: 0n,
      hasMore: false,
      total: 0,
      totalIsFloor: false,
    });
    expect(await positions(staff(tenantId), { timeline: { kind: 'feed' }, page: 100_000 })).toEqual([]);
    const future = await store.timelinePage(staff(tenantId), { timeline: { kind: 'feed' }, filter: {}, limit: 5, pin: 99n });
    expect(future.pin).toBe(1n);
    expect(future.rows).toHaveLength(1);
  });
});

describe('one event', () => {
  it('is found by its id, retracted ones by staff only, and by a customer only if it may see it', async () => {
    const tenantId = randomUUID();
    const about = (id: string) => ({ tenantId, entities: [{ type: 'contact', id }] });
    const seen = { customerVisible: true };
    await written.append([
      anEvent({ ...about('a'), id: 'own' }, seen),
      anEvent({ ...about('a'), id: 'hidden' }),
      anEvent({ ...about('b'), id: 'other' }, seen),
      anEvent({ ...about('a'), id: 'gone' }, seen),
      anEvent({ ...about('a') }, { effect: { kind: 'retract-event', targetEventId: 'gone' } }),
    ]);
    const ids = written.of(tenantId).map(({ id }) => id);
    const found = async (scope: ReadScope) => {
      const rows = await Promise.all(ids.map((id) => store.eventById(scope, id)));
      return rows.map((row) => row && [row.position, row.retractedAtPosition]);
    };
    expect(await found(staff(tenantId))).toEqual([
      ['1', null],
      ['2', null],
      ['3', null],
      ['4', '5'],
      ['5', null],
    ]);
    expect(await found(customer(tenantId, 'a'))).toEqual([['1', null], null, null, null, null]);
    expect(await found(staff(randomUUID()))).toEqual([null, null, null, null, null]);
    expect(await store.eventById(staff(tenantId), randomUUID())).toBeNull();
    expect(await store.eventById(staff(tenantId), 'no uuid')).toBeNull();
    expect(await store.head(tenantId)).toBe(5n);
  });
});
