import pg from 'pg';
import { decodeRecord, structuredEvent, STRUCTURED_CONTENT_TYPE } from '#libs/contracts';
import { anEvent, eventually, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { aBatch, aSlice } from '../append/a-batch.js';
import { openIngestStore } from '../append/open-ingest-store.js';
import type { IngestStore } from '../append/types.js';
import { connectionFor } from '../connect/connection-for.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { laggingTenants, saveCheckpoint } from './checkpoints.js';
import { leaderLock } from './leader-lock.js';
import { listenAppended, type Wake } from './listen-appended.js';
import { listOffsets, resetOffset } from './offsets.js';
import { tailLog } from './tail-log.js';

const CONSUMER = 'appended';
let database: FreshDatabase;
let store: IngestStore;
let ingest: Database;
let url: string;
let offset: number;

beforeEach(async () => {
  database = await freshDatabase();
  url = connectionFor(database.url, 'ingest');
  ingest = await openDatabase({ url, poolSize: 2, applicationName: 'spec' });
  store = await openIngestStore({ url, poolSize: 1, applicationName: 'spec' });
  offset = 0;
});
afterEach(async () => {
  await Promise.all([store.close(), ingest.close()]);
  await database.drop();
});

async function append(count: number, tenantId = TENANT): Promise<void> {
  const events = Array.from({ length: count }, () => anEvent({ tenantId }));
  await store.append(aBatch(aSlice(events, { from: offset })));
  offset += count;
}
const tailed = async (limit: number): Promise<string[]> =>
  (await tailLog(ingest, CONSUMER, limit)).map(({ tenantId, position }) => `${tenantId === TENANT ? 'one' : 'other'} ${position}`);

describe('a follower of the log', () => {
  it('gets what stands after its checkpoints, each tenant in position order', async () => {
    await append(3);
    await append(2, OTHER_TENANT);
    await saveCheckpoint(ingest, CONSUMER, TENANT, 1n);
    expect(await tailed(100)).toEqual(['one 2', 'one 3', 'other 1', 'other 2']);
    expect(await laggingTenants(ingest, CONSUMER)).toEqual([
      { tenantId: TENANT, checkpoint: 1n, head: 3n },
      { tenantId: OTHER_TENANT, checkpoint: 0n, head: 2n },
    ]);
  });

  it('serves a tenant with one event beside one with a long backlog', async () => {
    await append(50);
    await append(1, OTHER_TENANT);
    expect(await tailed(6)).toEqual(['one 1', 'one 2', 'one 3', 'one 4', 'one 5', 'other 1']);
    await append(50, OTHER_TENANT);
    expect(await tailed(4)).toEqual(['one 1', 'one 2', 'other 1', 'other 2']);
  });

  it('gets as many as it asked for while there are more, whoever has them', async () => {
    await append(50);
    await append(2, OTHER_TENANT);
    expect(await tailed(30)).toHaveLength(30);
  });

  it('gets large events a few at a time, one of each tenant at least', async () => {
    const large = (tenantId: string) => anEvent({ tenantId }, { payload: JSON.stringify({ text: 'x'.repeat(200_000) }) });
    await store.append(aBatch(aSlice([TENANT, OTHER_TENANT].flatMap((tenantId) => Array.from({ length: 25 }, () => large(tenantId))))));
    // 2 MB each
    expect(await tailed(100)).toEqual(['one', 'other'].flatMap((who) => Array.from({ length: 10 }, (_, n) => `${who} ${n + 1}`)));
  });

  it('never moves back', async () => {
    await append(3);
    await saveCheckpoint(ingest, CONSUMER, TENANT, 3n);
    await saveCheckpoint(ingest, CONSUMER, TENANT, 1n);
    expect(await tailed(10)).toEqual([]);
    expect(await laggingTenants(ingest, CONSUMER)).toEqual([]);
  });

  it('does not disturb another', async () => {
    await append(1);
    await saveCheckpoint(ingest, 'somebody else', TENANT, 1n);
    expect(await tailed(10)).toEqual(['one 1']);
  });

  it('publishes what was accepted: read back it is the same event', async () => {
    const event = anEvent({
      summary: 'said “so”',
      actor: { type: 'agent', id: 'drafter', onBehalfOf: 'jane@example.com' },
      recordedTime: '2026-01-15T09:00:01.000001Z',
      correlationId: 'c-1',
    });
    await store.append(aBatch(aSlice([event])));
    const [published] = await tailLog(ingest, CONSUMER, 1);
    const record = {
      topic: 'crm.engagement',
      value: Buffer.from(structuredEvent(published!)),
      headers: { 'content-type': STRUCTURED_CONTENT_TYPE },
      timestampMs: 0,
    };
    expect(decodeRecord(record, { nowMs: Date.now() })).toEqual({ outcome: 'accepted', event });
    expect(published).toMatchObject({ position: 1n, customerVisible: event.customerVisible });
  });
});

describe('leadership', () => {
  it('is one process’s at a time, and passes on when that gives it back or is cut off', async () => {
    const first = await leaderLock(url, 'relay');
    expect(await leaderLock(url, 'relay')).toBeNull();
    const other = await leaderLock(url, 'fold');
    expect(other).not.toBeNull();
    await other!.release();
    await first!.release();
    const second = await leaderLock(url, 'relay');
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'annals relay leader' and datname = current_database()",
    );
    await owner.end();
    await second!.lost;
    const third = await eventually(() => leaderLock(url, 'relay'), { describe: 'another leads' });
    await third.release();
  });
});

describe('listening', () => {
  it('hears every append, and after its connection broke it is told to look at all', async () => {
    const wakes: Wake[] = [];
    const listener = await listenAppended(url, (wake) => wakes.push(wake));
    expect(wakes).toEqual([null]);
    await append(2);
    await eventually(() => wakes.length === 2, { describe: 'the append is heard' });
    expect(wakes[1]).toEqual(new Map([[TENANT, 2n]]));
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'annals listen' and datname = current_database()",
    );
    await owner.end();
    await eventually(() => wakes.length === 3, { describe: 'the listener is back' });
    expect(wakes[2]).toBeNull();
    await append(1);
    await eventually(() => wakes.length === 4, { describe: 'the next append is heard' });
    await listener.close();
    expect(listener.connected).toBe(false);
  });
});

describe('offsets', () => {
  it('are listed, and set back by the admin only', async () => {
    await append(5);
    expect(await listOffsets(ingest)).toMatchObject([
      { clusterId: 'cluster-1', topicId: 'topic-1', topic: 'crm.test', partition: 0, nextOffset: 5n },
    ]);
    const admin = await openDatabase({ url: connectionFor(database.url, 'admin'), poolSize: 1, applicationName: 'spec' });
    expect(await resetOffset(admin, 'cluster-1', 'topic-1', 0, 2n)).toBe(true);
    expect(await resetOffset(admin, 'cluster-1', 'topic-1', 7, 2n)).toBe(false);
    expect(await listOffsets(admin)).toMatchObject([{ nextOffset: 2n }]);
    await admin.close();
    const query = await openDatabase({ url: connectionFor(database.url, 'query'), poolSize: 1, applicationName: 'spec' });
    await expect(resetOffset(query, 'cluster-1', 'topic-1', 0, 2n)).rejects.toThrow(/permission denied/);
    await query.close();
  });
});
