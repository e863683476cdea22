import type { EntityRef } from '#libs/contracts';
import pg from 'pg';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { aBatch, aSlice } from '../append/a-batch.js';
import { openIngestStore } from '../append/open-ingest-store.js';
import { connectionFor } from '../connect/connection-for.js';

const TABLES = [
  'events',
  'timeline',
  'months',
  'heads',
  'retractions',
  'retracted',
  'comments',
  'merges',
  'unmerges',
  'timeline_counts',
  'checkpoints',
  'account_parents',
];

describe('row-level security', () => {
  let database: FreshDatabase;
  let query: pg.Client;

  beforeAll(async () => {
    database = await freshDatabase();
    const store = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
    const contact = (id: string): [EntityRef] => [{ type: 'contact', id }];
    const entities = contact('abc');
    const events = [TENANT, OTHER_TENANT].flatMap((tenantId) => [
      anEvent({ tenantId, id: 'mail', type: 'email.sent', entities }),
      anEvent({ tenantId, id: 'mail-to-other', type: 'email.sent', entities: contact('xyz') }),
      anEvent({ tenantId, id: 'note', entities }),
      anEvent({ tenantId, id: 'comment', type: 'comment.added', entities }),
      anEvent({ tenantId, id: 'merge', type: 'contact.merged', entities, payload: { fromContactId: 'old', intoContactId: 'abc' } }),
      anEvent({ tenantId, id: 'unmerge', type: 'contact.unmerged', entities, payload: { mergeEventId: 'merge' } }),
      anEvent({ tenantId, id: 'move', type: 'account.parent_changed' }),
      anEvent({ tenantId, id: 'retraction', type: 'activity.retracted', entities, payload: { targetEventId: 'note' } }),
    ]);
    await store.append(aBatch(aSlice(events)));
    await store.close();
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`insert into annals.timeline_counts select distinct tenant_id, ref, bucket, 1 from annals.timeline`);
    await owner.query(
      `insert into annals.rollups select tenant_id, 'actor_kind', '2026-01-15', 'human', type, 1 from annals.events on conflict do nothing`,
    );
    await owner.query(`insert into annals.checkpoints select 'timeline_counts', tenant_id, position from annals.heads`);
    await owner.end();
    query = new pg.Client({ connectionString: connectionFor(database.url, 'query') });
    await query.connect();
  });
  afterAll(async () => {
    await query.end();
    await database.drop();
  });

  async function counts(settings: Record<string, string>): Promise<Record<string, number>> {
    await query.query('begin');
    for (const [name, value] of Object.entries(settings)) await query.query('select set_config($1, $2, true)', [`annals.${name}`, value]);
    const found: Record<string, number> = {};
    for (const table of TABLES) {
      const { rows } = await query.query<{ all: string; mine: string }>(
        `select count(*) as all, count(*) filter (where tenant_id = $1) as mine from annals.${table}`,
        [TENANT],
      );
      expect(rows[0]!.all).toBe(rows[0]!.mine);
      found[table] = Number(rows[0]!.all);
    }
    await query.query('commit');
    return found;
  }

  const nothing = Object.fromEntries(TABLES.map((table) => [table, 0]));

  it.each<Record<string, string>>([
    {},
    { tenant: TENANT },
    { audience: 'staff' },
    { tenant: TENANT, audience: '' },
    { tenant: '', audience: 'staff' },
    { tenant: TENANT, audience: 'all' },
  ])('shows nothing to a reader who says only %j', async (settings) => {
    expect(await counts(settings)).toEqual(nothing);
  });

  it('shows staff everything of their tenant and nothing of another', async () => {
    const seen = await counts({ tenant: TENANT, audience: 'staff' });
    expect(seen).toMatchObject({ events: 8, months: 1, heads: 1, retracted: 1, comments: 1, merges: 1, unmerges: 1 });
    expect(Object.values(seen)).not.toContain(0);
  });

  it('shows a customer the types for customers on their own timeline, and no counter, comment or merge', async () => {
    expect(await counts({ tenant: TENANT, audience: 'customer', customer: 'contact/abc' })).toEqual({
      ...nothing,
      events: 1,
      timeline: 1,
      months: 1,
      heads: 1,
    });
  });

  it('shows a customer without a name nothing of the log', async () => {
    expect(await counts({ tenant: TENANT, audience: 'customer' })).toMatchObject({ events: 0, timeline: 0 });
  });

  it('forgets who asked with the transaction', async () => {
    await counts({ tenant: TENANT, audience: 'staff' });
    expect((await query.query('select from annals.events')).rowCount).toBe(0);
  });

  it('reads a page of staff from the index alone', async () => {
    await query.query('begin');
    await query.query(
      "select set_config('annals.tenant', $1, true), set_config('annals.audience', 'staff', true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)",
      [TENANT],
    );
    const { rows } = await query.query<{ 'QUERY PLAN': string }>(
      `explain select position from annals.timeline where tenant_id = '${TENANT}' and bucket = any ('{24312,24311}')
         and ref = '00000000-0000-0000-0000-000000000000' and retracted_at_position is null
       order by bucket desc, occurred_at desc, position desc limit 50`,
    );
    await query.query('commit');
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Only Scan Backward using timeline_pkey/);
  });
});
