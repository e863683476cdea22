import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { refDigest } from '../prepare/ref-digest.js';
import { hierarchyStream } from './hierarchy-stream.js';
import { eventsOfTree, someAccount, someDepth, someTree, someTreeFilter } from './testdata/arbitrary-tree.js';
import { expectedHierarchy } from './testdata/expected-hierarchy.js';
import { WrittenLog } from './testdata/written-log.js';
import type { HierarchyStreamQuery, StreamPage } from './types.js';

let database: FreshDatabase;
let written: WrittenLog;
let reader: Database;

beforeAll(async () => {
  database = await freshDatabase();
  written = await WrittenLog.open(database.url);
  reader = await openDatabase({ url: connectionFor(database.url, 'query'), poolSize: 2, applicationName: 'spec' });
});
afterAll(async () => {
  await Promise.all([reader?.close(), written?.close()]);
  await database?.drop();
});

const BYTES = 1_000_000;

async function page(tenantId: string, query: HierarchyStreamQuery, near: bigint): Promise<StreamPage> {
  const found = await hierarchyStream(reader, tenantId, query, near);
  if (found === 'too-large') throw new Error('so few accounts are not too many');
  return found;
}

/** Steps onwards until the head. */
async function walk(tenantId: string, query: HierarchyStreamQuery, after: bigint, near: bigint): Promise<bigint[]> {
  const positions: bigint[] = [];
  for (let reached = after; ;) {
    const next = await page(tenantId, { ...query, after: reached }, near);
    expect(next.rows.length).toBeLessThanOrEqual(query.limit);
    positions.push(...next.rows.map(({ position }) => BigInt(position)));
    if (next.reached === next.head) return positions;
    expect(next.reached > reached).toBe(true);
    reached = next.reached;
  }
}

const someReading = fc.record({
  accountId: someAccount,
  depth: someDepth,
  filter: someTreeFilter,
  limit: fc.integer({ min: 1, max: 6 }),
  near: fc.constantFrom(0n, 5n, 1_000n),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('a step onwards through the Hierarchy tab of an account', () => {
  it('brings what the list shows after the place, oldest first: any tree, moves late and taken back, steps, depths and filters', async () => {
    await fc.assert(
      fc.asyncProperty(someTree, fc.array(someReading, { minLength: 3, maxLength: 6 }), fc.nat(100), async (steps, readings, first) => {
        const tenantId = randomUUID();
        const events = eventsOfTree(steps, tenantId, (draft) => anEvent(draft));
        let sent = Math.ceil((events.length * first) / 100);
        await written.append(events.slice(0, sent));
        for (const { near, share, depth, ...base } of readings) {
          const query = { ...base, bytes: BYTES, ...(depth !== undefined && { depth }) };
          const log = written.of(tenantId);
          const after = BigInt(Math.floor(share * log.length));
          const shown = expectedHierarchy(log, { ...query, limit: 1_000 }).positions;
          const due = shown.filter((position) => position > after).sort((a, b) => Number(a - b));
          expect(await walk(tenantId, query, after, near)).toEqual(due);
          await written.append(events.slice(sent, sent + 5));
          sent += 5;
        }
      }),
      { numRuns: 80 },
    );
  }, 180_000);

  it('names every account that an entry has to name to show, and at the head nothing else', async () => {
    const tenantId = randomUUID();
    const move = (child: string, toParentId: string | null, time: string) =>
      anEvent({ tenantId, type: 'account.parent_changed', time, entities: [{ type: 'account', id: child }], payload: { toParentId } });
    await written.append([
      move('child', 'top', '2026-01-01T00:00:00Z'),
      move('grandchild', 'child', '2026-01-02T00:00:00Z'),
      move('grandchild', null, '2026-01-03T00:00:00Z'),
      move('other', 'elsewhere', '2026-01-01T00:00:00Z'),
    ]);
    const digests = (...ids: string[]) => ids.map((id) => refDigest('account', id).toString('hex')).sort();
    const asked = async (accountId: string, depth?: number) => {
      const { rows, refs, head } = await page(tenantId, { accountId, ...(depth && { depth }), filter: {}, limit: 9, bytes: BYTES }, 1_000n);
      expect([rows, head]).toEqual([[], 4n]);
      return [...refs].sort();
    };
    expect(await asked('top')).toEqual(digests('top', 'child', 'grandchild'));
    expect(await asked('top', 1)).toEqual(digests('top', 'child'));
    expect(await asked('nobody')).toEqual(digests('nobody'));
  });

  it('ends where the payloads have become large, keeps to its tenant, and leaves nothing of it on the connection', async () => {
    const [tenantId, other] = [randomUUID(), randomUUID()];
    const child = [{ type: 'account' as const, id: 'child' }];
    const move = (tenant: string) =>
      anEvent({ tenantId: tenant, type: 'account.parent_changed', entities: child, payload: { toParentId: 'top' } });
    const text = `${'x'.repeat(1000)}\u001e\u001f`;
    const note = (tenant: string) => anEvent({ tenantId: tenant, entities: child, payload: { text } });
    await written.append([move(tenantId), move(other), ...Array.from({ length: 6 }, () => note(tenantId)), note(other)]);
    const query = { accountId: 'top', filter: {}, limit: 100 };
    for (const near of [0n, 1_000n]) {
      expect((await page(tenantId, { ...query, after: 1n, bytes: 2_500 }, near)).reached).toBe(4n);
      expect(await walk(tenantId, { ...query, bytes: 2_500 }, 0n, near)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
    }
    const { rows } = await reader.pool.query(
      `select coalesce(current_setting('annals.tenant', true), '') as tenant, current_setting('enable_seqscan') as plans`,
    );
    expect(rows).toEqual([{ tenant: '', plans: 'on' }]);
  });
});
