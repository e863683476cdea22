import { TenantTypes } from '#libs/contracts';
import {
  connectionFor,
  FailingTenants,
  inTransaction,
  openDatabase,
  openIngestStore,
  prepareEvent,
  type Database,
  type IngestStore,
} from '#libs/store';
import { anEvent, freshDatabase, TENANT, type EventDraft, type FreshDatabase } from '#libs/testing';
import { rulesFollower } from './follow-rules.js';

let database: FreshDatabase;
let log: IngestStore;
let automation: Database;
let offset = 0n;
const quiet = { info: () => undefined, warn: () => undefined };

beforeEach(async () => {
  database = await freshDatabase();
  log = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  automation = await openDatabase({ url: connectionFor(database.url, 'automation'), poolSize: 4, applicationName: 'spec' });
  offset = 0n;
});
afterEach(async () => {
  await Promise.all([log.close(), automation.close()]);
  await database.drop();
});

async function append(...drafts: Partial<EventDraft>[]): Promise<void> {
  const records = drafts.map((draft, i) => ({
    ...{ offset: offset + BigInt(i), outcome: 'event' as const, prepared: prepareEvent(anEvent(draft)) },
    raw: () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 }),
  }));
  const nextOffset = offset + BigInt(drafts.length);
  await log.append({
    clusterId: 'c',
    slices: [{ topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: offset, nextOffset, records }],
  });
  offset = nextOffset;
}
async function follow(): Promise<void> {
  const job = rulesFollower({ database: automation, types: new TenantTypes(), failing: new FailingTenants(quiet) });
  while (await job.act());
}
const comment = (id: string): Partial<EventDraft> => ({
  type: 'comment.added',
  payload: { commentId: id, text: id, mentions: ['user-jane'] },
});
const told = async (): Promise<unknown[]> =>
  (await automation.pool.query<{ position: string }>('select position from annals_app.notifications order by position')).rows.map(
    ({ position }) => Number(position),
  );

it('a tenant whose log is older than rules is told of no mention from then, whatever is evaluated again', async () => {
  await append(comment('old'), comment('old too'));
  await automation.pool.query('insert into annals_app.rules_began select tenant_id, position from annals.heads');
  await append(comment('new'));
  await follow();
  await automation.pool.query("update annals.checkpoints set position = 0 where consumer = 'rules'");
  await follow();
  expect(await told()).toEqual([3]);
});

it('two that evaluate at once tell nobody twice', async () => {
  await append(...Array.from({ length: 300 }, (_, i) => comment(`c-${i}`)));
  await Promise.all([follow(), follow(), follow()]);
  expect(await told()).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
});

it('what is more than a transaction takes is told in several, all of it once', async () => {
  const mentions = Array.from({ length: 50 }, (_, i) => `user-${i}`);
  await append(
    ...Array.from({ length: 450 }, (_, i) => ({ ...comment(`c-${i}`), payload: { commentId: `c-${i}`, text: 'all', mentions } })),
  );
  const job = rulesFollower({ database: automation, types: new TenantTypes(), failing: new FailingTenants(quiet) });
  await job.act();
  // whole events: whom the event refers to as mentioned is the fifty-first of each
  expect(await told()).toHaveLength(Math.ceil(20_000 / 51) * 51);
  await follow();
  expect(await told()).toEqual(Array.from({ length: 450 * 51 }, (_, i) => Math.floor(i / 51) + 1));
});

it('everybody whom one event mentions is told, once, however many they are', async () => {
  const mentions = Array.from({ length: 12_000 }, (_, i) => `user-${i}`);
  await append({ ...comment('all'), payload: { commentId: 'all', text: 'all', mentions } });
  await follow();
  await automation.pool.query("update annals.checkpoints set position = 0 where consumer = 'rules'");
  await follow();
  const { rows } = await automation.pool.query<{ count: string }>('select count(distinct recipient) from annals_app.notifications');
  expect([(await told()).length, Number(rows[0]?.count)]).toEqual([12_001, 12_001]);
});

it('a batch that cannot be finished leaves nothing behind, and is done again', async () => {
  await append(comment('c'), { type: 'contact.tagged', payload: { tag: 'vip' } });
  await automation.pool.query("insert into annals.checkpoints values ('rules', $1, 0)", [TENANT]);
  const lost = new Error('Connection terminated unexpectedly');
  const failing: Database = {
    ...automation,
    pool: Object.assign(Object.create(automation.pool) as Database['pool'], {
      connect: async () => {
        const client = await automation.pool.connect();
        const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
        const fails = (...given: unknown[]): Promise<unknown> =>
          String(given[0]).includes('insert into annals.checkpoints') ? Promise.reject(lost) : query(...given);
        return Object.assign(Object.create(client) as typeof client, { query: fails, release: () => client.release(true) });
      },
    }),
  };
  await expect(rulesFollower({ database: failing, types: new TenantTypes(), failing: new FailingTenants(quiet) }).act()).rejects.toBe(lost);
  expect(await told()).toEqual([]);
  await follow();
  expect(await told()).toEqual([1]);
  const { rowCount } = await inTransaction(automation, (client) => client.query('select from annals_app.tag_changes'));
  expect(rowCount).toBe(1);
});
