import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import type { ActivityEvent, EntityRef } from '#libs/contracts';
import { createLogger, mintToken, parseConfig, Shutdown, type TokenHolder } from '#libs/service';
import { connectionFor, openIngestStore, prepareEvent, type IngestStore } from '#libs/store';
import { anEvent, freshDatabase, type EventDraft, type FreshDatabase } from '#libs/testing';
import { queryConfig } from './config.js';
import { createApp } from './create-app.js';
import { openParts } from './open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const logger = createLogger({ app: 'query', level: 'silent' });
const shutdown = new Shutdown({ logger, exit: () => undefined });

let database: FreshDatabase;
let log: IngestStore;
let app: NestFastifyApplication;
let appended = 0n;

beforeAll(async () => {
  database = await freshDatabase();
  log = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  const config = parseConfig(queryConfig, { DATABASE_URL: database.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9' });
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  app = await createApp(await openParts(config.values, logger, shutdown));
});
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await log?.close();
  await database?.drop();
});

async function append(...events: ActivityEvent[]): Promise<void> {
  const raw = () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 });
  const records = events.map((event, i) => ({
    ...{ offset: appended + BigInt(i), outcome: 'event' as const, prepared: prepareEvent(event) },
    raw,
  }));
  const nextOffset = appended + BigInt(events.length);
  const slice = { topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: appended, nextOffset, records };
  appended = nextOffset;
  expect(await log.append({ clusterId: 'c', slices: [slice] })).toMatchObject({ outcome: 'committed', appended: events.length });
}

interface Body {
  readonly items: readonly { readonly sourceId: string; readonly position: number; readonly [member: string]: unknown }[];
  readonly next: string | null;
  readonly pin: number;
  readonly [member: string]: unknown;
}
interface Call {
  readonly as?: TokenHolder;
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly body?: object;
}

async function call(tenant: string, url: string, { as = { user: 'jane' }, method = 'GET', body }: Call = {}) {
  const authorization = `Bearer ${await mintToken({ secret, tenants: [tenant], ...as })}`;
  const headers = { authorization, orgid: tenant, ...(body && { 'content-type': 'application/json' }) };
  const response = await app.inject({ method, url, headers, ...(body && { payload: JSON.stringify(body) }) });
  return { status: response.statusCode, body: response.json<Body>() };
}
const idsOf = async (tenant: string, url: string): Promise<string[]> =>
  (await call(tenant, url)).body.items.map(({ sourceId }) => sourceId);

const account = (id: string, role?: string): EntityRef => ({ type: 'account', id, ...(role !== undefined && { role }) });
const day = (n: number): string => new Date(Date.UTC(2026, 0, n, 9)).toISOString();

/** Drafts of one tenant. */
function writer(tenantId: string) {
  const event = (id: string, onDay: number, more: Partial<EventDraft>) => anEvent({ tenantId, id, time: day(onDay), ...more });
  return {
    event,
    note: (id: string, onDay: number, of: string, more: Partial<EventDraft> = {}) => event(id, onDay, { entities: [account(of)], ...more }),
    move: (id: string, onDay: number, child: string, parent: string | null, more: readonly EntityRef[] = []) =>
      event(id, onDay, {
        type: 'account.parent_changed',
        entities: [account(child), ...(parent === null ? [] : [account(parent, 'parent')]), ...more],
        payload: { toParentId: parent },
      }),
    retract: (id: string, onDay: number, targetEventId: string) =>
      event(id, onDay, { type: 'activity.retracted', entities: [{ type: 'deal', id: 'd' }], payload: { targetEventId } }),
  };
}

describe('the Hierarchy tab', () => {
  const tenant = randomUUID();
  const url = '/api/v1/timelines/account/top?tab=hierarchy';
  const { note, move, retract } = writer(tenant);
  beforeAll(() =>
    append(
      note('own', 20, 'top'),
      note('before it came', 2, 'child'),
      move('child joins', 3, 'child', 'top'),
      note('of the child', 4, 'child'),
      note('of the grandchild', 6, 'grandchild'),
      // told late: it stood there already when the note was written
      move('grandchild joins', 5, 'grandchild', 'child'),
      move('child leaves', 8, 'child', null, [account('top', 'previous_parent')]),
      note('after it left', 9, 'child'),
      note('of the grandchild after', 9, 'grandchild'),
      move('top moves', 10, 'top', 'above'),
    ),
  );

  it("holds the account's moves and what happened to accounts while they stood below it, however deep", async () => {
    expect(await idsOf(tenant, url)).toEqual([
      'top moves',
      'child leaves',
      'of the grandchild',
      'grandchild joins',
      'of the child',
      'child joins',
    ]);
    expect(await idsOf(tenant, '/api/v1/timelines/account/above?tab=hierarchy')).toEqual(['own', 'top moves']);
  });

  it('ends at the depth that is asked for', async () => {
    expect(await idsOf(tenant, `${url}&depth=1`)).toEqual([
      ...['top moves', 'child leaves'],
      // told of the child too: it is the new parent
      'grandchild joins',
      ...['of the child', 'child joins'],
    ]);
    expect(await idsOf(tenant, `${url}&depth=2`)).toEqual(await idsOf(tenant, url));
  });

  it('is filtered and paged like any list, and a cursor is good for its own depth only', async () => {
    expect(await idsOf(tenant, `${url}&type=note.added`)).toEqual(['of the grandchild', 'of the child']);
    expect(await idsOf(tenant, `${url}&from=${day(5)}&to=${day(8)}`)).toEqual(['of the grandchild', 'grandchild joins']);
    const first = (await call(tenant, `${url}&limit=4`)).body;
    const cursor = encodeURIComponent(String(first.next));
    expect(await idsOf(tenant, `${url}&limit=4&cursor=${cursor}`)).toEqual(['of the child', 'child joins']);
    for (const other of [`${url}&depth=1`, '/api/v1/timelines/account/top?tab=all', '/api/v1/timelines/account/child?tab=hierarchy']) {
      expect(await call(tenant, `${other}&cursor=${cursor}`)).toMatchObject({ status: 400, body: { errors: [{ field: 'cursor' }] } });
    }
  });

  it("is served on seed 002's path too, each item about the account it happened to", async () => {
    const { body } = await call(tenant, '/api/crm/activity/by-customer/account/top?tab=hierarchy&page=2&pageSize=2');
    expect(body).toMatchObject({ page: 2, pageSize: 2, total: 6 });
    expect(body.items.map(({ sourceId, datatype, ownerId }) => [sourceId, datatype, ownerId])).toEqual([
      ['of the grandchild', 'account', 'grandchild'],
      ['grandchild joins', 'account', 'grandchild'],
    ]);
  });

  it('is what it was at its pin: a move told or taken back later changes neither its pages nor what they held', async () => {
    const { pin, items } = (await call(tenant, url)).body;
    await append(retract('no leave', 12, 'child leaves'), move('another', 1, 'other', 'top'), note('of the other', 2, 'other'));
    const again = (await call(tenant, `${url}&pin=${pin}`)).body;
    expect(again).toMatchObject({ pin, items, newer: 1 });
    expect(await idsOf(tenant, url)).toEqual([
      'top moves',
      ...['of the grandchild after', 'after it left'],
      ...['of the grandchild', 'grandchild joins', 'of the child', 'child joins'],
      ...['of the other', 'another'],
    ]);
    const withRetracted = (await call(tenant, `${url}&includeRetracted=true`)).body.items.filter((item) => item['retracted'] === true);
    expect(withRetracted.map(({ sourceId }) => sourceId)).toEqual(['child leaves']);
  });

  it('of any other record or of the feed holds moves alone, and takes no depth', async () => {
    expect(await idsOf(tenant, '/api/v1/timelines/contact/nobody?tab=hierarchy')).toEqual([]);
    expect((await idsOf(tenant, '/api/v1/feed?tab=hierarchy')).length).toBe(4);
    for (const other of [
      '/api/v1/timelines/account/top?depth=1',
      '/api/v1/timelines/contact/c?tab=hierarchy&depth=1',
      '/api/v1/feed?depth=1',
    ]) {
      expect(await call(tenant, other)).toMatchObject({ status: 400, body: { errors: [{ field: 'depth' }] } });
    }
    for (const depth of ['0', '-1', 'x', '1.5', '1001']) expect((await call(tenant, `${url}&depth=${depth}`)).status).toBe(400);
  });

  it('shows nothing to customers or other tenants', async () => {
    expect((await call(tenant, url, { as: { customer: 'contact/c' } })).status).toBe(404);
    expect(await idsOf(randomUUID(), url)).toEqual([]);
  });

  it('says 422 where more stands below than can be read as one', async () => {
    const large = randomUUID();
    const { move: moved } = writer(large);
    const children = Array.from({ length: 5001 }, (_, n) => moved(`m${n}`, 3, `child-${n}`, n === 0 ? 'top' : 'child-0'));
    await append(...children);
    expect(await call(large, url)).toMatchObject({
      status: 422,
      body: { type: expect.stringContaining('hierarchy-too-large') as string, errors: [{ field: 'depth' }] },
    });
    expect(await call(large, `${url}&depth=1`)).toMatchObject({ status: 200, body: { items: { length: 50 } } });
  }, 30_000);
});

describe('what is seen', () => {
  const tenant = randomUUID();
  const { note } = writer(tenant);
  const timeline = '/api/v1/timelines/account/a';
  const seen = async (url: string, as: TokenHolder = { user: 'jane' }, of = tenant) => (await call(of, `${url}/seen`, { as })).body;
  const see = (url: string, position: unknown, as: TokenHolder = { user: 'jane' }) =>
    call(tenant, `${url}/seen`, { as, method: 'PUT', body: { position } });
  beforeAll(() =>
    append(
      note('1', 1, 'a', { actor: { type: 'human', id: 'kim' } }),
      note('2', 2, 'a', { actor: { type: 'human', id: 'kim' } }),
      note('3', 3, 'b', { actor: { type: 'system', id: 'sync' } }),
    ),
  );

  it('is nothing for who has never looked, and moves with the pin of what was shown', async () => {
    expect(await seen(timeline)).toEqual({ position: 0, unseen: 2 });
    expect(await seen('/api/v1/feed')).toEqual({ position: 0, unseen: 3 });
    const { pin } = (await call(tenant, timeline)).body;
    expect(await see(timeline, pin)).toMatchObject({ status: 200, body: { position: 3, unseen: 0 } });
    expect(await see('/api/v1/feed', 1)).toMatchObject({ status: 200, body: { position: 1, unseen: 2 } });
  });

  it('counts what comes later, backdated too, but not what the user did', async () => {
    await append(note('4', 1, 'a', { actor: { type: 'agent', id: 'jane' } }), note('5', 6, 'a', { actor: { type: 'human', id: 'jane' } }));
    expect(await seen(timeline)).toEqual({ position: 3, unseen: 1 });
    const unseen = (await call(tenant, timeline)).body.items.filter(({ position }) => position > 3);
    expect(unseen.map(({ sourceId }) => sourceId)).toEqual(['5', '4']);
  });

  it('never moves back, nor beyond the newest event', async () => {
    expect((await see(timeline, 2)).body).toMatchObject({ position: 3 });
    expect(await see(timeline, 6)).toMatchObject({ status: 422, body: { errors: [{ field: 'position' }] } });
    for (const wrong of [0, -1, 1.5, '3', null, 2 ** 53]) expect((await see(timeline, wrong)).status).toBe(400);
    expect((await seen(timeline))['position']).toBe(3);
  });

  it('is each user’s own, timeline by timeline and tenant by tenant', async () => {
    expect(await seen(timeline, { user: 'kim' })).toMatchObject({ position: 0 });
    expect(await seen('/api/v1/timelines/account/b')).toMatchObject({ position: 0, unseen: 1 });
    expect(await seen(timeline, { user: 'jane' }, randomUUID())).toEqual({ position: 0, unseen: 0 });
  });

  it('says so where more may be unseen than was counted', async () => {
    const long = randomUUID();
    const { note: entry } = writer(long);
    await append(...Array.from({ length: 2500 }, (_, n) => entry(`n${n}`, 1, 'a', { actor: { type: 'human', id: 'kim' } })));
    expect(await seen(timeline, { user: 'jane' }, long)).toEqual({ position: 0, unseen: 2000, unseenIsFloor: true });
  }, 30_000);

  it('is for staff, and for records that have a timeline', async () => {
    for (const url of [timeline, '/api/v1/feed', '/api/v1/timelines/contact/c']) {
      expect((await call(tenant, `${url}/seen`, { as: { customer: 'contact/c' } })).status).toBe(403);
      expect((await see(url, 1, { customer: 'contact/c' })).status).toBe(403);
    }
    expect((await call(tenant, '/api/v1/timelines/user/jane/seen')).status).toBe(422);
  });
});
