import pg from 'pg';
import { anEvent, eventually, freshDatabase, TENANT, type FreshDatabase } from '#libs/testing';
import { aBatch, aSlice } from '../append/a-batch.js';
import { openIngestStore } from '../append/open-ingest-store.js';
import type { DeadLetter, IngestRecord, IngestStore } from '../append/types.js';
import { connectionFor } from '../connect/connection-for.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { prepareEvent } from '../prepare/prepare-event.js';
import { listDeadLetters, showDeadLetter } from './list-dead-letters.js';
import { purgeDeadLetters, purgeExpired } from './purge-dead-letters.js';
import { redriveDeadLetters, type Redecoded } from './redrive-dead-letters.js';
import { markRelayed, unrelayedDeadLetters } from './relay-dead-letters.js';
import type { StoredDeadLetter } from './types.js';

let database: FreshDatabase;
let owner: pg.Client;
let store: IngestStore;
let ingest: Database;
let admin: Database;

beforeEach(async () => {
  database = await freshDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  const open = (role: 'ingest' | 'admin'): Promise<Database> =>
    openDatabase({ url: connectionFor(database.url, role), poolSize: 2, applicationName: 'spec' });
  [ingest, admin] = [await open('ingest'), await open('admin')];
  store = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
});
afterEach(async () => {
  await Promise.all([store.close(), ingest.close(), admin.close(), owner.end()]);
  await database.drop();
});

const dead = (value: string, reason: 'not_json' | 'unknown_type' = 'unknown_type'): IngestRecord => {
  const deadLetter: DeadLetter = {
    rejection: { reason, schemaPath: '/type', message: 'no such type' },
    tenantId: TENANT,
    key: Buffer.from('k'),
    value: Buffer.from(value),
    headers: { ce_type: 'eA==' },
    recordTimeMs: 1_767_623_400_000,
  };
  return { offset: 0n, outcome: 'dead', deadLetter };
};
const appendDead = (...values: string[]): Promise<unknown> => store.append(aBatch(aSlice(values.map((value) => dead(value)))));
/** Accepts whatever does not read "bad". */
const decode = ({ value }: StoredDeadLetter): Redecoded => {
  const text = String(value);
  return text === 'bad'
    ? { outcome: 'dead', tenantId: null, rejection: { reason: 'bad_payload', schemaPath: '/data/a\0', message: 'still bad' } }
    : { outcome: 'event', prepared: prepareEvent(anEvent({ id: text })) };
};
/** Somebody waits in this database for another transaction. */
const WAITING = `
  select 1 from pg_locks waiting join pg_locks own using (pid)
   where not waiting.granted and own.database = (select oid from pg_database where datname = current_database())`;
const log = async (): Promise<unknown[]> =>
  (
    await owner.query<Record<string, unknown>>(
      'select position::int, source_id, topic, partition, "offset"::int from annals.events order by position',
    )
  ).rows;

describe('dead letters', () => {
  it('are listed without their bytes and shown with them', async () => {
    await store.append(aBatch(aSlice([dead('one'), dead('two', 'not_json')])));
    const listed = await listDeadLetters(admin, { reason: 'not_json' }, 10);
    expect(listed).toMatchObject([
      { topic: 'crm.test', partition: 0, offset: 1n, tenantId: TENANT, reason: 'not_json', schemaPath: '/type', attempts: 1 },
    ]);
    expect(listed[0]).not.toHaveProperty('value');
    expect(await showDeadLetter(admin, { topic: 'crm.test', partition: 0, offset: 0n })).toMatchObject({
      value: Buffer.from('one'),
      headers: { ce_type: 'eA==' },
    });
    expect(await showDeadLetter(admin, { topic: 'crm.test', partition: 0, offset: 9n })).toBeNull();
    expect(await listDeadLetters(admin, {}, 1)).toHaveLength(1);
  });

  it('keep their first row when the record is passed again', async () => {
    await appendDead('one');
    await owner.query('update annals.offsets set next_offset = 0');
    await appendDead('one');
    expect(await listDeadLetters(admin, {}, 10)).toMatchObject([{ attempts: 1 }]);
  });

  it('stand whatever the record says of its own time', async () => {
    const times = [-9_000_000_000_000_000_000, -1, 9_000_000_000_000_000_000];
    const records = times.map((recordTimeMs) => {
      const record = dead('odd time') as Extract<IngestRecord, { outcome: 'dead' }>;
      return { ...record, deadLetter: { ...record.deadLetter, recordTimeMs } };
    });
    expect(await store.append(aBatch(aSlice(records)))).toMatchObject({ outcome: 'committed', deadLetters: 3 });
  });

  it('stand whole however large, in one append with small ones and events', async () => {
    const large = (bytes: number): IngestRecord => {
      const { deadLetter, ...record } = dead('') as Extract<IngestRecord, { outcome: 'dead' }>;
      return { ...record, deadLetter: { ...deadLetter, value: Buffer.alloc(bytes, 'x'), headers: { a: 'eA==', 'b\0': ['eA==', 'eQ=='] } } };
    };
    const megabyte = 1 << 20;
    const records = [dead('one'), large(5 * megabyte), anEvent(), large(megabyte - 10), large(megabyte - 10), dead('two')];
    expect(await store.append(aBatch(aSlice(records)))).toMatchObject({ appended: 1, deadLetters: 5 });
    const { rows } = await owner.query<{ offset: number; length: number; headers: object; key: Buffer; reason: string }>(
      'select "offset"::int, length(value), headers, key, reason from annals.dead_letters order by "offset"',
    );
    expect(rows.map(({ offset, length }) => [offset, length])).toEqual([
      [0, 3],
      [1, 5 * megabyte],
      [3, megabyte - 10],
      [4, megabyte - 10],
      [5, 3],
    ]);
    expect(rows[1]).toMatchObject({ headers: { a: 'eA==', 'b\ufffd': ['eA==', 'eQ=='] }, key: Buffer.from('k'), reason: 'unknown_type' });
  });

  it('are purged by selection, for good', async () => {
    await appendDead('one', 'two');
    expect(await purgeDeadLetters(admin, { offset: 1n })).toBe(1);
    expect(await listDeadLetters(admin, {}, 10)).toMatchObject([{ offset: 0n }]);
  });

  it('expire when their copy has reached the topic, not before', async () => {
    await appendDead('one', 'two', 'young');
    await owner.query(`update annals.dead_letters set received_at = now() - interval '31 days' where "offset" < 2`);
    await owner.query(`update annals.dead_letters set relayed_at = now() where "offset" <> 1`);
    expect(await purgeExpired(ingest, 30)).toBe(1);
    expect((await listDeadLetters(admin, {}, 10)).map(({ offset }) => offset)).toEqual([2n, 1n]);
  });
});

describe('the copies of dead letters', () => {
  it('wait, oldest first, until they are marked, and marking twice changes nothing', async () => {
    await appendDead('one', 'two');
    const [first] = await unrelayedDeadLetters(ingest, 1);
    expect(first).toMatchObject({ offset: 0n, value: Buffer.from('one'), relayedAt: null });
    await markRelayed(ingest, [first!]);
    const marked = await showDeadLetter(admin, first!);
    await markRelayed(ingest, [first!]);
    expect((await showDeadLetter(admin, first!))?.relayedAt).toEqual(marked?.relayedAt);
    expect((await unrelayedDeadLetters(ingest, 10)).map(({ offset }) => offset)).toEqual([1n]);
  });
});

describe('the copies of large dead letters', () => {
  it('are handed out a few megabytes at a time, and without the bytes that no copy can hold', async () => {
    await appendDead('one', 'x'.repeat(20_000_000), 'x'.repeat(5_000_000), 'x'.repeat(5_000_000), 'two');
    const first = await unrelayedDeadLetters(ingest, 10);
    expect(first.map(({ offset, value, leftOutBytes }) => [offset, value?.length, leftOutBytes])).toEqual([
      [0n, 3, null],
      [1n, undefined, 20_000_001],
      [2n, 5_000_000, null],
    ]);
    await markRelayed(ingest, first);
    expect((await unrelayedDeadLetters(ingest, 10)).map(({ offset }) => offset)).toEqual([3n, 4n]);
  });
});

describe('a re-drive', () => {
  it('appends what is accepted now, keeps where it came from, and says of the rest why not', async () => {
    await appendDead('good', 'bad', 'also good');
    expect(await redriveDeadLetters(ingest, {}, decode)).toEqual({ redriven: 2, refused: 1 });
    expect(await log()).toEqual([
      { position: 1, source_id: 'good', topic: 'crm.test', partition: 0, offset: 0 },
      { position: 2, source_id: 'also good', topic: 'crm.test', partition: 0, offset: 2 },
    ]);
    const letters = await listDeadLetters(admin, { redriven: true }, 10);
    expect(
      new Map(
        letters.map(({ offset, reason, schemaPath, attempts, redrivenAt }) => [
          offset,
          [reason, schemaPath, attempts, redrivenAt !== null],
        ]),
      ),
    ).toEqual(
      new Map([
        [0n, ['unknown_type', '/type', 2, true]],
        [1n, ['bad_payload', '/data/a\ufffd', 2, false]],
        [2n, ['unknown_type', '/type', 2, true]],
      ]),
    );
  });

  it('is harmless twice, also of what was re-driven already', async () => {
    await appendDead('good');
    await redriveDeadLetters(ingest, {}, decode);
    expect(await redriveDeadLetters(ingest, {}, decode)).toEqual({ redriven: 0, refused: 0 });
    expect(await redriveDeadLetters(ingest, { redriven: true }, decode)).toEqual({ redriven: 1, refused: 0 });
    expect(await log()).toHaveLength(1);
  });

  it('leaves the offsets alone, and ingest goes on beside it', async () => {
    await appendDead('good');
    await redriveDeadLetters(ingest, {}, decode);
    expect(await store.append(aBatch(aSlice([anEvent({ id: 'next' })], { from: 1 })))).toMatchObject({ appended: 1 });
    expect(await log()).toMatchObject([{ position: 1 }, { position: 2, source_id: 'next' }]);
  });

  it('keeps a conflict dead', async () => {
    await store.append(aBatch(aSlice([anEvent({ id: 'taken' }, { payload: '{"text":"first"}' }), dead('taken')])));
    expect(await redriveDeadLetters(ingest, {}, decode)).toEqual({ redriven: 0, refused: 1 });
    expect(await listDeadLetters(admin, {}, 10)).toMatchObject([{ reason: 'conflict', attempts: 2 }]);
  });

  it('takes any number, some at a time, and tells how far it is', async () => {
    await appendDead(...Array.from({ length: 600 }, (_, index) => (index % 3 === 0 ? 'bad' : `good-${index}`)));
    const told: number[] = [];
    const outcome = await redriveDeadLetters(ingest, {}, decode, ({ redriven, refused }) => told.push(redriven + refused));
    expect(outcome).toEqual({ redriven: 400, refused: 200 });
    expect(told).toEqual([250, 500, 600]);
    expect(await log()).toHaveLength(400);
  });

  it('holds few large ones at once, and one however large', async () => {
    const [two, five] = [2 << 20, 5 << 20];
    await appendDead(...[two, two, two, five, five, two].map((bytes, index) => String(index).padEnd(bytes, 'x')));
    const told: number[] = [];
    const decodeLarge = (letter: StoredDeadLetter): Redecoded => decode({ ...letter, value: letter.value?.subarray(0, 1) ?? null });
    await redriveDeadLetters(ingest, {}, decodeLarge, ({ redriven }) => told.push(redriven));
    expect(told).toEqual([2, 4, 5, 6]);
  });

  it('goes on behind letters that somebody else has just re-driven', async () => {
    await appendDead(...Array.from({ length: 300 }, (_, index) => `good-${index}`));
    await owner.query('begin');
    await owner.query('update annals.dead_letters set redriven_at = now() where "offset" < 250');
    const redriving = redriveDeadLetters(ingest, {}, decode);
    await eventually(async () => (await admin.pool.query(WAITING)).rows.length > 0, { describe: 'the re-drive waits' });
    await owner.query('commit');
    expect(await redriving).toEqual({ redriven: 50, refused: 0 });
  });

  it('of a selection touches nothing else', async () => {
    await appendDead('a', 'b');
    await redriveDeadLetters(ingest, { offset: 1n }, decode);
    expect(await log()).toMatchObject([{ source_id: 'b' }]);
  });
});
