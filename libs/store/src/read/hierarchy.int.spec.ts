import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { openQueryStore, type OpenQueryStore } from './open-query-store.js';
import { eventsOfTree, micros, someAccount, someDepth, someTree, someTreeFilter } from './testdata/arbitrary-tree.js';
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

const someReading = fc.record({
  accountId: someAccount,
  depth: someDepth,
  limit: fc.integer({ min: 1, max: 6 }),
  by: fc.constantFrom('cursor', 'number'),
  filter: someTreeFilter,
});

describe('the Hierarchy tab of an account', () => {
  it('equals the fold of the log: any tree, moves in any order of arrival, retractions, pins, depths and filters, by cursor and by number', async () => {
    await fc.assert(
      fc.asyncProperty(someTree, fc.array(someReading, { minLength: 3, maxLength: 6 }), fc.nat(100), async (steps, readings, share) => {
        const tenantId = randomUUID();
        const events = eventsOfTree(steps, tenantId, (draft) => anEvent(draft));
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
