import fc from 'fast-check';
import pg from 'pg';
import type { ActivityEvent, EntityRef } from '#libs/contracts';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { aBatch, aSlice } from '../append/a-batch.js';
import { openIngestStore } from '../append/open-ingest-store.js';
import type { IngestStore } from '../append/types.js';
import { connectionFor } from '../connect/connection-for.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { foldCounts } from './fold-counts.js';

let database: FreshDatabase;
let owner: pg.Client;
let store: IngestStore;
let ingest: Database;
let offset: number;

beforeEach(async () => {
  database = await freshDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  const url = connectionFor(database.url, 'ingest');
  ingest = await openDatabase({ url, poolSize: 4, applicationName: 'spec' });
  store = await openIngestStore({ url, poolSize: 2, applicationName: 'spec' });
  offset = 0;
});
afterEach(async () => {
  await Promise.all([store.close(), ingest.close(), owner.end()]);
  await database.drop();
});

async function append(events: readonly ActivityEvent[]): Promise<void> {
  const from = offset;
  offset += events.length;
  await store.append(aBatch(aSlice(events, { from })));
}

/** The counters, and beside them the same counted row by row at the heads. */
async function counters(): Promise<{ folded: unknown[]; counted: unknown[] }> {
  const folded = await owner.query(
    'select tenant_id, ref, bucket, entries::int from annals.timeline_counts where entries <> 0 order by 1, 2, 3',
  );
  const counted = await owner.query(
    `select t.tenant_id, t.ref, t.bucket, count(*)::int as entries from annals.timeline t
     where t.retracted_at_position is null and (t.ref = '00000000-0000-0000-0000-000000000000' or exists (
       select from annals.events e, jsonb_array_elements(e.entities::jsonb) x
       where e.tenant_id = t.tenant_id and e.position = t.position and x ->> 'type' in ('account', 'campaign', 'sequence')
         and annals.ref(x ->> 'type', x ->> 'id') = t.ref))
     group by 1, 2, 3 order by 1, 2, 3`,
  );
  return { folded: folded.rows, counted: counted.rows };
}

const entities = fc
  .uniqueArray(
    fc.record(
      { type: fc.constantFrom('account', 'campaign', 'contact', 'deal'), id: fc.constantFrom('1', '2') },
      { noNullPrototype: true },
    ),
    { minLength: 1, maxLength: 4, selector: ({ type, id }) => type + id },
  )
  .map((refs) => [...refs, { ...refs[0]!, role: 'again' }] as unknown as [EntityRef, ...EntityRef[]]);
const time = fc.constantFrom('2025-11-30T23:59:59Z', '2025-12-01T00:00:00Z', '2026-01-15T09:00:00Z');
const tenant = fc.constantFrom(TENANT, OTHER_TENANT);

const batch = (number: number): fc.Arbitrary<ActivityEvent[]> =>
  fc
    .array(
      fc
        .record({ entities, time, tenantId: tenant, target: fc.option(fc.nat({ max: 40 })) })
        .map(({ target, ...given }) => ({ target, given })),
      { minLength: 1, maxLength: 12 },
    )
    .map((drafts) =>
      drafts.map(({ target, given }, index) =>
        target === null
          ? anEvent({ ...given, id: String(number * 12 + index) })
          : anEvent({ ...given, id: `r-${number}-${index}`, type: 'activity.retracted', payload: { targetEventId: String(target) } }),
      ),
    );

describe('the counters of timelines', () => {
  it('equal the rows that show, wherever the fold was run in between, with retractions of any order', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(batch(0), batch(1), batch(2), batch(3)),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        async (batches, foldAfter) => {
          const run = ++runs;
          // a run has producers of its own; its tenants' counters go on from the last one's
          for (const [index, events] of batches.entries()) {
            await append(events.map((event) => ({ ...event, source: `urn:run:${run}` })));
            if (foldAfter[index]) await foldCounts(ingest);
          }
          await foldCounts(ingest);
          const { folded, counted } = await counters();
          expect(folded).toEqual(counted);
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  it('stay exact while several fold and others append', async () => {
    const appending = Array.from({ length: 10 }, async (_, index) => {
      const events = Array.from({ length: 20 }, (_unused, nth) =>
        nth % 5 === 4
          ? anEvent({
              type: 'activity.retracted',
              entities: [{ type: 'account', id: 'a' }],
              payload: { targetEventId: `x-${index}-${nth - 1}` },
            })
          : anEvent({ id: `x-${index}-${nth}`, entities: [{ type: 'account', id: 'a' }] }),
      );
      await store.append(aBatch(aSlice(events, { partition: index })));
    });
    let appended = false;
    const folding = Array.from({ length: 3 }, async () => {
      while (!appended) await foldCounts(ingest);
    });
    await Promise.all(appending);
    appended = true;
    await Promise.all(folding);
    await foldCounts(ingest);
    const { folded, counted } = await counters();
    expect(folded).toEqual(counted);
    expect(folded).toHaveLength(2);
  }, 60_000);

  it('say how many events they took, and take none twice', async () => {
    await append([anEvent(), anEvent()]);
    expect(await foldCounts(ingest)).toBe(2);
    expect(await foldCounts(ingest)).toBe(0);
  });
});
