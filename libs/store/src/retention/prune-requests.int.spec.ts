import { anEvent, freshDatabase, TENANT, type FreshDatabase } from '#libs/testing';
import { aBatch, aSlice } from '../append/a-batch.js';
import { openIngestStore } from '../append/open-ingest-store.js';
import { connectionFor } from '../connect/connection-for.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { followAdded } from '../enrichment/follow-added.js';
import { settleRequest, takeRequests } from '../enrichment/requests.js';
import { pruneRequests } from './prune-requests.js';

let database: FreshDatabase;
let enrichment: Database;

beforeAll(async () => {
  database = await freshDatabase();
  enrichment = await openDatabase({ url: connectionFor(database.url, 'enrichment'), poolSize: 2, applicationName: 'spec' });
});
afterAll(async () => {
  await enrichment?.close();
  await database?.drop();
});

let offset = 0;
async function append(...names: string[]): Promise<void> {
  const ingest = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  const events = names.map((id) =>
    anEvent({ id, type: 'account.added', entities: [{ type: 'account', id }], payload: { name: id, domain: `${id}.example.com` } }),
  );
  await ingest.append(aBatch(aSlice(events, { from: offset })));
  offset += names.length;
  await ingest.close();
}

async function states(): Promise<string[]> {
  const { rows } = await enrichment.pool.query<{ domain: string; state: string }>(
    'select domain, state from annals_app.enrichment_requests order by position',
  );
  return rows.map(({ domain, state }) => `${domain.split('.')[0]} ${state}`);
}

it('settled requests go by age, what waits stays, and a replay asks for nothing again', async () => {
  await append('a', 'b', 'c');
  expect(await followAdded(enrichment)).toBe(3);
  const requests = await takeRequests(enrichment, 10, 60_000);
  const of = (name: string) => requests.find(({ domain }) => domain === `${name}.example.com`)!;
  await settleRequest(enrichment, of('a'), { state: 'published' });
  await settleRequest(enrichment, of('c'), { state: 'nothing' });
  expect(await pruneRequests(enrichment, 1, 10)).toBe(0);
  expect(await states()).toEqual(['a published', 'b waiting', 'c nothing']);
  expect([await pruneRequests(enrichment, 0, 1), await pruneRequests(enrichment, 0, 1), await pruneRequests(enrichment, 0, 1)]).toEqual([
    1, 1, 0,
  ]);
  await enrichment.pool.query("update annals.checkpoints set position = 0 where consumer = 'enrichment' and tenant_id = $1", [TENANT]);
  expect(await followAdded(enrichment)).toBe(0);
  expect(await states()).toEqual(['b waiting']);
  await append('d');
  expect(await followAdded(enrichment)).toBe(1);
});
