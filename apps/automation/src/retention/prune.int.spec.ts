import { TenantTypes } from '#libs/contracts';
import { createLogger } from '#libs/service';
import { connectionFor, FailingTenants, openDatabase, openIngestStore, prepareEvent, type Database, type IngestStore } from '#libs/store';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { rulesFollower } from '../rules/follow-rules.js';
import { retentionJob, type Retention } from './prune.js';

const logger = createLogger({ app: 'automation', level: 'silent' });
let database: FreshDatabase;
let log: IngestStore;
let automation: Database;
let offset = 0n;

beforeAll(async () => {
  database = await freshDatabase();
  log = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  automation = await openDatabase({ url: connectionFor(database.url, 'automation'), poolSize: 4, applicationName: 'spec' });
});
afterAll(async () => {
  await Promise.all([log?.close(), automation?.close()]);
  await database?.drop();
});

/** A comment that mentions two. */
async function comment(id: string): Promise<void> {
  const prepared = prepareEvent(
    anEvent({
      type: 'comment.added',
      entities: [{ type: 'contact', id: 'c' }],
      payload: { commentId: id, text: id, mentions: ['a', 'b'] },
    }),
  );
  const record = { offset, outcome: 'event' as const, prepared, raw: () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 }) };
  const slice = { topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: offset, nextOffset: offset + 1n, records: [record] };
  await log.append({ clusterId: 'c', slices: [slice] });
  offset++;
}

async function replay(): Promise<void> {
  await automation.pool.query("update annals.checkpoints set position = 0 where consumer = 'rules'");
  const parts = { database: automation, types: new TenantTypes(), failing: new FailingTenants(logger) };
  const job = rulesFollower(parts);
  while (await job.act());
}

async function prune(retention: Partial<Retention>): Promise<void> {
  const job = retentionJob({ database: automation, retention: { readDays: 90, days: 365, effectDays: 365, ...retention }, logger });
  while (await job.act());
}

async function kept(): Promise<Record<string, number[]>> {
  const of = async (table: string): Promise<number[]> =>
    (await automation.pool.query<{ position: number }>(`select position::int from annals_app.${table} order by position`)).rows.map(
      ({ position }) => position,
    );
  return { effects: await of('effects'), notifications: await of('notifications') };
}

it('what is young is kept; what is pruned never fires again, however often the log is evaluated from its beginning', async () => {
  await comment('one');
  await comment('two');
  await replay();
  await automation.pool.query('update annals_app.notifications set relayed_at = now()');
  await prune({});
  expect(await kept()).toEqual({ effects: [1, 1, 2, 2], notifications: [1, 1, 2, 2] });
  await automation.pool.query("update annals_app.notifications set read_at = now() where recipient = 'a'");
  await prune({ readDays: 0 });
  expect(await kept()).toEqual({ effects: [1, 1, 2, 2], notifications: [1, 2] });
  await replay();
  expect(await kept()).toEqual({ effects: [1, 1, 2, 2], notifications: [1, 2] });
  await prune({ effectDays: 0, days: 0 });
  expect(await kept()).toEqual({ effects: [], notifications: [] });
  await comment('three');
  await replay();
  expect(await kept()).toEqual({ effects: [3, 3], notifications: [3, 3] });
});

it('events that wait to be evaluated are not closed, and fire', async () => {
  await comment('four');
  await prune({ effectDays: 0 });
  await replay();
  expect((await kept())['notifications']).toEqual([3, 3, 4, 4]);
});

it('the roles that prune can neither see nor reopen the past of another', async () => {
  await expect(automation.pool.query("insert into annals_app.horizons select 'enrichment', gen_random_uuid(), 1")).rejects.toThrow(
    'row-level security',
  );
  await expect(automation.pool.query('delete from annals_app.horizons')).rejects.toThrow('permission denied');
});
