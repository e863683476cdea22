import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, mintToken, parseConfig, Shutdown, type TokenHolder } from '#libs/service';
import { connectionFor, foldRollups, openDatabase, openIngestStore, prepareEvent, type Database, type IngestStore } from '#libs/store';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type EventDraft, type FreshDatabase } from '#libs/testing';
import { queryConfig } from '../config.js';
import { createApp } from '../create-app.js';
import { openParts } from '../open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const logger = createLogger({ app: 'query', level: 'silent' });
const shutdown = new Shutdown({ logger, exit: () => undefined });
const HUMAN = { type: 'human', id: 'jane@example.com' } as const;

let fresh: FreshDatabase;
let log: IngestStore;
let automation: Database;
let app: NestFastifyApplication;
let offset = 0n;

beforeAll(async () => {
  fresh = await freshDatabase();
  log = await openIngestStore({ url: connectionFor(fresh.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  automation = await openDatabase({ url: connectionFor(fresh.url, 'automation'), poolSize: 1, applicationName: 'spec' });
  const config = parseConfig(queryConfig, { DATABASE_URL: fresh.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9' });
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  const parts = await openParts(config.values, logger, shutdown);
  app = await createApp({ ...parts, waits: { writeMs: 100, readMs: 600 } });
});
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await Promise.all([log?.close(), automation?.close()]);
  await fresh?.drop();
});

async function append(...drafts: Partial<EventDraft>[]): Promise<void> {
  const raw = () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 });
  const records = drafts.map((draft, i) => ({
    offset: offset + BigInt(i),
    outcome: 'event' as const,
    prepared: prepareEvent(anEvent(draft)),
    raw,
  }));
  const nextOffset = offset + BigInt(records.length);
  await log.append({
    clusterId: 'c',
    slices: [{ topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: offset, nextOffset, records }],
  });
  offset = nextOffset;
}

interface Asking {
  readonly as?: TokenHolder;
  readonly tenant?: string;
  readonly body?: object;
  readonly token?: string;
}

async function ask(url: string, { as = { user: 'jane' }, tenant = TENANT, body, token }: Asking = {}) {
  const authorization = `Bearer ${await mintToken({ secret, tenants: [tenant], ...as })}`;
  const headers = { authorization, orgid: tenant, ...(token !== undefined && { 'position-token': token }) };
  const response = await app.inject({ url, headers, ...(body ? { method: 'PUT', payload: body } : {}) });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}
const fieldsOf = ({ errors }: Record<string, unknown>) => (errors as { field: string }[] | undefined)?.map(({ field }) => field);

describe('GET /api/v1/rollups', () => {
  const at = (day: string, more: Partial<EventDraft> = {}): Partial<EventDraft> => ({
    entities: [
      { type: 'contact', id: 'c' },
      { type: 'account', id: 'acc-1' },
    ],
    actor: HUMAN,
    time: `${day}T12:00:00Z`,
    ...more,
  });

  beforeAll(async () => {
    await append(
      at('2026-01-05', { id: 'first' }),
      at('2026-01-05'),
      at('2026-01-09', { type: 'email.opened', actor: { type: 'system', id: 'x' } }),
    );
    await foldRollups(automation);
  });

  it('answers with what happened on each day, and as of where', async () => {
    expect((await ask('/api/v1/rollups?by=type&from=2026-01-01&to=2026-01-31')).body).toEqual({
      items: [
        { day: '2026-01-05', key: 'note.added', type: 'note.added', count: 2 },
        { day: '2026-01-09', key: 'email.opened', type: 'email.opened', count: 1 },
      ],
      asOf: 3,
      lag: 0,
    });
  });

  it.each([
    [
      'by=actorKind&granularity=month',
      [
        { day: '2026-01-01', actorKind: 'human', count: 2 },
        { day: '2026-01-01', actorKind: 'system', count: 1 },
      ],
    ],
    ['by=user', [{ day: '2026-01-05', user: HUMAN.id, count: 2 }]],
    ['by=account&type=email_opened&granularity=week', [{ day: '2026-01-05', account: 'acc-1', count: 1 }]],
    ['by=type&account=acc-1&to=2026-01-06T00:00:00Z', [{ day: '2026-01-05', type: 'note.added', count: 2 }]],
    ['by=type&account=acc-2', []],
  ])('narrowed and joined by %s', async (query, items) => {
    const { body } = await ask(`/api/v1/rollups?from=2026-01-01${query.includes('to=') ? '' : '&to=2026-01-31'}&${query}`);
    expect(body.items).toHaveLength(items.length);
    expect(body.items).toEqual(expect.arrayContaining(items.map((item) => expect.objectContaining(item) as object)));
  });

  it('forgets what was retracted, and says how far behind it is until then', async () => {
    await append({
      type: 'activity.retracted',
      entities: [{ type: 'contact', id: 'c' }],
      payload: { targetEventId: 'first' },
      time: '2026-02-01T00:00:00Z',
    });
    const url = '/api/v1/rollups?from=2026-01-01&to=2026-01-31&type=note.added';
    expect((await ask(url)).body).toMatchObject({ items: [{ count: 2 }], asOf: 3, lag: 1 });
    expect(await ask(url, { token: '4' })).toMatchObject({ status: 409, body: { asked: '4', head: '3', lag: '1' } });
    await foldRollups(automation);
    expect((await ask(url, { token: '4' })).body).toMatchObject({ items: [{ day: '2026-01-05', count: 1 }], asOf: 4, lag: 0 });
  });

  it.each([
    ['by=everything', 400, 'by'],
    ['from=yesterday', 400, 'from'],
    ['limit=0', 400, 'limit'],
    ['granularity=hour', 400, 'granularity'],
    ['colour=red', 400, 'colour'],
    ['type=email.opend', 422, 'type'],
    ['from=2026-01-02&to=2026-01-01', 422, 'from'],
    ['from=2025-01-01&to=2026-02-05', 422, 'from'],
    ['by=user&account=acc-1', 422, 'account'],
    ['account=a%00b', 400, 'account'],
    ['from=0000-12-31&to=0001-01-02', 422, 'from'],
    ['to=0000-12-31T12:00:00Z', 422, 'to'],
  ])('refuses %s with %i and names the field', async (query, status, field) => {
    const refusal = await ask(`/api/v1/rollups?${query}`);
    expect([refusal.status, fieldsOf(refusal.body)]).toEqual([status, [field]]);
  });

  it('spans up to 400 days, and without days the last thirty', async () => {
    expect((await ask('/api/v1/rollups?from=2025-01-01&to=2026-02-04')).status).toBe(200);
    expect((await ask('/api/v1/rollups')).status).toBe(200);
    expect((await ask('/api/v1/rollups?to=0001-01-02')).status).toBe(200);
  });

  it('shows customers nothing, and other tenants nothing of this one', async () => {
    expect((await ask('/api/v1/rollups', { as: { customer: 'contact/c' } })).status).toBe(403);
    const other = await ask('/api/v1/rollups?from=2026-01-01&to=2026-01-31', { tenant: OTHER_TENANT });
    expect(other.body).toEqual({ items: [], asOf: 0, lag: 0 });
  });
});

describe('/api/v1/score-model', () => {
  const model = { weights: { email_opened: 4, 'deal.won': 50 }, halfLifeDays: 14, bands: [{ name: 'low', from: 0 }] };

  it('is the default until one is saved, which is then the next version, once', async () => {
    expect((await ask('/api/v1/score-model')).body).toMatchObject({ version: 0, modelVersion: 'v0', halfLifeDays: 30, savedBy: null });
    const saved = await ask('/api/v1/score-model', { body: model });
    expect(saved).toMatchObject({
      status: 200,
      body: { version: 1, modelVersion: 'v1', weights: { 'email.opened': 4, 'deal.won': 50 }, smallestChange: 5, savedBy: 'jane' },
    });
    expect((await ask('/api/v1/score-model', { body: model })).body).toEqual(saved.body);
    expect((await ask('/api/v1/score-model', { body: { ...model, halfLifeDays: 7 } })).body).toMatchObject({ version: 2, halfLifeDays: 7 });
    expect((await ask('/api/v1/score-model')).body).toMatchObject({ version: 2 });
    expect((await ask('/api/v1/score-model', { tenant: OTHER_TENANT })).body).toMatchObject({ version: 0 });
  });

  it.each<[object, number, string]>([
    [{ ...model, weights: { 'email.opend': 1 } }, 422, 'weights.email.opend'],
    [{ ...model, weights: { 'note.added': 1 } }, 422, 'weights.note.added'],
    [{ ...model, weights: { 'lead.score_updated': 1 } }, 422, 'weights.lead.score_updated'],
    [{ ...model, weights: { 'deal.won': 'many' } }, 422, 'weights.deal.won'],
    [{ ...model, weights: [] }, 400, 'weights'],
    [{ ...model, halfLifeDays: 0 }, 422, 'halfLifeDays'],
    [{ ...model, bands: [] }, 422, 'bands'],
    [{ ...model, bands: [{ name: 'low', from: '0' }] }, 400, 'bands.0.from'],
    [{ ...model, version: 7 }, 400, 'version'],
    [{ ...model, bands: [{ name: 'lo\ud800w', from: 0 }] }, 400, 'bands.0.name'],
    [{ ...model, bands: [{ name: { constructor: 'low' }, from: 0 }] }, 400, 'bands.0.name.constructor'],
  ])('refuses %j with %i', async (body, status, field) => {
    const before = (await ask('/api/v1/score-model')).body;
    const refusal = await ask('/api/v1/score-model', { body });
    expect([refusal.status, fieldsOf(refusal.body)]).toEqual([status, [field]]);
    expect((await ask('/api/v1/score-model')).body).toEqual(before);
  });

  it('is not for customers', async () => {
    const as = { customer: 'contact/c' };
    expect([(await ask('/api/v1/score-model', { as })).status, (await ask('/api/v1/score-model', { as, body: model })).status]).toEqual([
      403, 403,
    ]);
  });
});
