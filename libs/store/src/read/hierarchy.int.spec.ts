import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { parseTime, type ActivityEvent, type EntityRef } from '#libs/contracts';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { openQueryStore, type OpenQueryStore } from './open-query-store.js';
import { expectedHierarchy } from './testdata/expected-hierarchy.js';
import { WrittenLog } from './testdata/written-log.js';
import type { HierarchyQuery, TimelinePage } from './types.js';

let database: FreshDatabase;
let written: WrittenLog;
let store: OpenQueryStore;

beforeAll(async () => {
  database = await freshDatabase();
  written = await WrittenLog.open(database.url);
  store = await openQueryStore({ url: connectionFor(database.url, 'query'), poolSize: 2, applicationName: 'spec' });
});
afterAll(async () => {
  await Promise.all([store?.close(), written?.close()]);
  await database?.drop();
});

const ACCOUNTS = ['a', 'b', 'c', 'd', 'e'];
/** Ties, neighbours by a microsecond, and the ends of what a time can be. */
const TIMES = [
  '0000-02-29T12:00:00Z',
  '2025-12-31T23:59:59.999999Z',
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.000001Z',
  '2026-01-20T08:00:00Z',
  '2026-03-02T09:30:00Z',
];
const micros = (time: string): bigint => parseTime(time)!;
const account = (id: string, role?: string): EntityRef => ({ type: 'account', id, ...(role !== undefined && { role }) });

const move = (child: string, parent: string | null, time: string, more: object = {}): ActivityEvent =>
  anEvent({
    ...{ type: 'account.parent_changed', source: 'urn:annals:reads', time, ...more },
    entities: parent === null || parent === child ? [account(child)] : [account(child), account(parent, 'parent')],
    payload: { toParentId: parent },
  });
const note = (ids: readonly string[], time: string, more: object = {}): ActivityEvent =>
  anEvent({ source: 'urn:annals:reads', time, entities: ids.map((id) => account(id)), ...more });
const retraction = (targetEventId: string, more: object): ActivityEvent =>
  anEvent({
    type: 'activity.retracted',
    source: 'urn:annals:reads',
    payload: { targetEventId },
    entities: [{ type: 'deal', id: 'z' }],
    ...more,
  });

const someAccount = fc.constantFrom(...ACCOUNTS);
const someStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('move' as const), child: someAccount, parent: fc.option(someAccount, { freq: 6 }) }),
  },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('note' as const), about: fc.subarray(ACCOUNTS, { minLength: 1, maxLength: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('retract' as const), target: fc.nat(40) }) },
);
const someLog = fc.array(fc.tuple(someStep, fc.constantFrom(...TIMES)), { minLength: 1, maxLength: 40, size: 'max' });
type Steps = typeof someLog extends fc.Arbitrary<infer T> ? T : never;

function eventsOf(steps: Steps, tenantId: string): ActivityEvent[] {
  return steps.map(([step, time], index) => {
    const own = { id: `s${index}`, tenantId };
    if (step.does === 'move') return move(step.child, step.parent, time, own);
    if (step.does === 'note') return note(step.about, time, { ...own, actor: { type: 'human', id: index % 3 === 0 ? 'jane' : 'kim' } });
    return retraction(`s${step.target}`, { ...own, time });
  });
}

const someReading = fc.record({
  accountId: someAccount,
  depth: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 6 }),
  by: fc.constantFrom('cursor', 'number'),
  filter: fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.record(
        {
          types: fc.subarray(['note.added', 'account.parent_changed'], { minLength: 1 }),
          actor: fc.constant({ id: 'jane' }),
          from: fc.constantFrom(...TIMES).map(micros),
          to: fc.constantFrom(...TIMES).map(micros),
          includeRetracted: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    },
  ),
});

describe('the Hierarchy tab of an account', () => {
  it('equals the fold of the log: any tree, moves in any order of arrival, retractions, pins, depths and filters, by cursor and by number', async () => {
    await fc.assert(
      fc.asyncProperty(someLog, fc.array(someReading, { minLength: 3, maxLength: 6 }), fc.nat(100), async (steps, readings, share) => {
        const tenantId = randomUUID();
        const events = eventsOf(steps, tenantId);
        let sent = Math.ceil((events.length * share) / 100);
        await written.append(events.slice(0, sent));
        for (const { by, depth, ...base } of readings) {
          let before: TimelinePage | undefined;
          for (let page = 1; page <= 5 && before?.hasMore !== false; page++) {
            const at = continued(before, by, page);
            const query = { ...base, ...(depth !== undefined && { depth }), ...at, countTotal: true, countNewer: true };
            const found = await store.hierarchyPage({ tenantId, audience: 'staff' }, query);
            if (found === 'too-large') throw new Error('so few accounts are not too many');
            const expected = expectedHierarchy(written.of(tenantId), { ...query, pin: found.pin });
            expect(figures(found)).toEqual({ ...expected, newerIsFloor: false, totalIsFloor: false });
            before = found;
            await written.append(events.slice(sent, sent + 4));
            sent += 4;
          }
        }
      }),
      { numRuns: 100 },
    );
  }, 180_000);

  const continued = (before: TimelinePage | undefined, by: string, page: number): Partial<HierarchyQuery> => {
    const last = before?.rows.at(-1);
    if (!before) return {};
    if (by === 'number' || !last) return { pin: before.pin, page };
    return { pin: before.pin, after: { occurredAt: micros(last.occurredAt), position: BigInt(last.position) } };
  };
  const figures = ({ rows, hasMore, newer, newerIsFloor, total, totalIsFloor }: TimelinePage) => ({
    positions: rows.map(({ position }) => BigInt(position)),
    retractedAt: rows.map(({ retractedAtPosition: at }) => (at === null ? null : BigInt(at))),
    ...{ hasMore, newer, newerIsFloor, total, totalIsFloor },
  });
});
