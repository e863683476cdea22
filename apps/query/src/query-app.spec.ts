import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { TenantTypes } from '#libs/contracts';
import { createLogger, createMetrics, createSealedText, HealthRegistry, mintToken, type TokenHolder } from '#libs/service';
import type { EventRow, QueryStore, ReadScope, TimelinePage, TimelineQuery } from '#libs/store';
import { createTokenVerifier } from './auth/token-verifier.js';
import { createApp } from './create-app.js';
import { TenantWakes } from './live/tenant-wakes.js';

const secret = 'a secret of at least thirty-two bytes';
const tenant = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const other = '6b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';

const row = (changes: Partial<EventRow> = {}): EventRow => ({
  id: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e',
  position: '7',
  type: 'email.sent',
  sourceType: 'email_sent',
  version: 1,
  source: '/producers/sequence-engine',
  sourceId: 'e-1',
  occurredAt: '2026-01-05T14:30:00.000001Z',
  appendedAt: '2026-01-05T14:30:02.118000Z',
  recordedAt: null,
  timeQuality: 'producer',
  ingestMode: 'live',
  actorType: 'human',
  actorId: 'jane@example.com',
  onBehalfOf: null,
  correlationId: 'run-771',
  causationId: null,
  traceparent: null,
  entities: '[{"id":"c-1","type":"contact"},{"id":"acc-1","type":"account"}]',
  summary: null,
  payload: '{"emailSubject":"Your quote","messageId":"m-1","to":["boss@example.com"]}',
  retractedAtPosition: null,
  ...changes,
});

/** Answers every question with the same page, and remembers what it was asked. */
class ScriptedStore implements Pick<QueryStore, 'timelinePage' | 'eventById' | 'ready' | 'head' | 'close'> {
  asked: { scope: ReadScope; query: TimelineQuery }[];
  page: TimelinePage;
  event: EventRow | null;
  failure: Error | undefined;
  /** One answer after the other, the last one without more. */
  pages: EventRow[][] | undefined;

  constructor() {
    this.reset();
  }
  reset(): void {
    this.asked = [];
    this.page = { rows: [row()], pin: 9n, hasMore: true, newer: 2, total: 120 };
    this.event = row();
    this.failure = undefined;
    this.pages = undefined;
  }

  timelinePage(scope: ReadScope, query: TimelineQuery): Promise<TimelinePage> {
    this.asked.push({ scope, query });
    if (this.failure) return Promise.reject(this.failure);
    const rows = this.pages?.shift();
    return Promise.resolve(rows ? { ...this.page, rows, hasMore: this.pages?.length !== 0 } : this.page);
  }
  eventById(): Promise<EventRow | null> {
    return Promise.resolve(this.event);
  }
  ready(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  head(): Promise<bigint> {
    return Promise.resolve(this.page.pin);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

const store = new ScriptedStore();
let app: NestFastifyApplication;
beforeAll(async () => {
  const logger = createLogger({ app: 'query', level: 'silent' });
  app = await createApp({
    // what else a store answers is asked of a real one, in the specs with a database
    store: store as unknown as QueryStore,
    waits: { writeMs: 200, readMs: 200 },
    app: { pool: new pg.Pool({ host: '127.0.0.1', port: 9 }), close: () => Promise.resolve() },
    publisher: { publish: () => Promise.reject(new Error('no broker')), close: () => Promise.resolve() },
    wakes: new TenantWakes(),
    types: new TenantTypes(),
    refreshTypes: () => Promise.resolve(),
    verifyToken: createTokenVerifier({ JWT_SECRET: secret }),
    sealed: createSealedText(secret, 'annals page cursor'),
    health: new HealthRegistry('query'),
    metrics: createMetrics('query'),
    peers: [],
    logger,
  });
});
afterAll(() => app.close());
beforeEach(() => store.reset());

interface Body {
  readonly items: Record<string, unknown>[];
  readonly errors?: { field: string; message: string }[];
  readonly [member: string]: unknown;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { readonly parameters: { readonly name: string; readonly in: string; readonly required: boolean }[] }>
  >;
}
interface Call {
  readonly as?: TokenHolder | null;
  readonly tenants?: string[];
  readonly headers?: Record<string, string>;
  readonly method?: 'GET' | 'POST' | 'DELETE';
}

async function call(url: string, { as = { user: 'jane' }, tenants = [tenant], headers = {}, method = 'GET' }: Call = {}) {
  const authorization = as ? { authorization: `Bearer ${await mintToken({ secret, tenants, ...as })}` } : {};
  const response = await app.inject({ method, url, headers: { ...authorization, ...headers } });
  const isJson = String(response.headers['content-type']).includes('json');
  return { status: response.statusCode, headers: response.headers, text: response.body, body: (isJson ? response.json() : {}) as Body };
}
const orgid = { headers: { orgid: tenant } };

describe('who may ask', () => {
  it('is nobody without a valid token, and the answer says how to bring one', async () => {
    const without = await call('/api/v1/feed', { as: null });
    expect([without.status, without.headers['www-authenticate']]).toEqual([401, 'Bearer realm="annals"']);
    const wrong = await call('/api/v1/feed', { as: null, headers: { authorization: 'Bearer x.y.z' } });
    expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([401, 'Bearer realm="annals", error="invalid_token"']);
    expect(wrong.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(store.asked).toEqual([]);
  });

  it('is bound to the tenants of the token, among which orgid chooses', async () => {
    expect((await call('/api/v1/feed', { tenants: [tenant, other], headers: { orgid: other } })).status).toBe(200);
    expect(store.asked[0]?.scope).toEqual({ tenantId: other, audience: 'staff' });
    expect((await call('/api/v1/feed', { headers: { orgid: other } })).status).toBe(403);
    expect((await call('/api/v1/feed', { headers: { orgid: 'acme' } })).status).toBe(400);
    expect((await call('/api/v1/feed', { tenants: [tenant, other] })).status).toBe(400);
    expect((await call('/api/v1/feed')).status).toBe(200);
  });

  it('must send orgid on the paths of seed 002', async () => {
    expect((await call('/api/crm/activity/by-customer/contact/c-1')).status).toBe(403);
    expect((await call('/api/crm/activity/by-customer/contact/c-1', orgid)).status).toBe(200);
  });
});

describe('a timeline', () => {
  it('answers with items, a cursor, the pin and how many are newer', async () => {
    const { body, headers } = await call('/api/v1/timelines/contact/c-1');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      items: [
        {
          id: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e',
          source: '/producers/sequence-engine',
          sourceId: 'e-1',
          position: 7,
          type: 'email.sent',
          sourceType: 'email_sent',
          entities: [
            { type: 'contact', id: 'c-1' },
            { type: 'account', id: 'acc-1' },
          ],
          actor: { type: 'human', id: 'jane@example.com' },
          occurredAt: '2026-01-05T14:30:00.000001Z',
          appendedAt: '2026-01-05T14:30:02.118000Z',
          summary: 'sent email “Your quote”',
          icon: 'mail',
          tabs: ['email'],
          deepLink: 'email_thread/m-1',
          payload: { emailSubject: 'Your quote', messageId: 'm-1', to: ['boss@example.com'] },
        },
      ],
      next: expect.any(String) as string,
      pin: 9,
      newer: 2,
    });
  });

  it('goes on where its cursor ended, as of the same pin', async () => {
    const { body } = await call('/api/v1/timelines/contact/c-1?limit=1&type=email_sent&tab=email');
    await call(`/api/v1/timelines/contact/c-1?limit=5&type=email.sent&cursor=${String(body['next'])}&tab=email`);
    expect(store.asked[1]?.query).toMatchObject({
      limit: 5,
      pin: 9n,
      after: { occurredAt: 1767623400000001n, position: 7n },
      filter: { types: ['email.sent'] },
      countNewer: true,
    });
  });

  it('refuses a cursor of another timeline, filter, caller or tenant', async () => {
    const next = String((await call('/api/v1/timelines/contact/c-1')).body['next']);
    for (const [path, how] of [
      ['/api/v1/timelines/contact/c-2', {}],
      ['/api/v1/feed', {}],
      ['/api/v1/timelines/contact/c-1?actor=system', {}],
      ['/api/v1/timelines/contact/c-1', { as: { customer: 'contact/c-1' } }],
      ['/api/v1/timelines/contact/c-1', { tenants: [other] }],
    ] as const) {
      const answer = await call(`${path}${path.includes('?') ? '&' : '?'}cursor=${next}`, {
        ...how,
        tenants: 'tenants' in how ? [other] : [tenant],
      });
      expect([path, answer.status, answer.body.errors?.[0]?.field]).toEqual([path, 400, 'cursor']);
    }
  });

  it('is filtered by type, tab, actor and time together', async () => {
    await call(
      '/api/v1/feed?type=call,email_opened&type=email.clicked&tab=email&actor=human/jane@example.com&from=2026-01-01T00:00:00Z&to=2026-02-01T01:00:00%2B01:00',
    );
    expect(store.asked[0]?.query.filter).toEqual({
      types: ['email.clicked', 'email.opened'],
      actor: { type: 'human', id: 'jane@example.com' },
      from: 1767225600000000n,
      to: 1769904000000000n,
    });
  });

  it('takes an id of up to 255 characters, control characters aside', async () => {
    await call(`/api/v1/timelines/contact/${encodeURIComponent('a/b c%ü😀')}`);
    expect(store.asked[0]?.query.timeline).toEqual({ kind: 'entity', type: 'contact', id: 'a/b c%ü😀' });
    expect((await call('/api/v1/timelines/contact/a%00b')).body.errors?.[0]?.field).toBe('entityId');
    expect((await call(`/api/v1/timelines/contact/${'😀'.repeat(127)}`)).status).toBe(200);
    expect((await call(`/api/v1/timelines/contact/${'x'.repeat(256)}`)).body.errors?.[0]?.field).toBe('entityId');
  });

  it.each([
    ['/api/v1/feed?limit=0', 'limit'],
    ['/api/v1/feed?limit=201', 'limit'],
    ['/api/v1/feed?limit=ten', 'limit'],
    ['/api/v1/feed?limit=1&limit=2', 'limit'],
    ['/api/v1/feed?limit=', 'limit'],
    ['/api/v1/feed?from=yesterday', 'from'],
    ['/api/v1/feed?to=2026-01-05', 'to'],
    ['/api/v1/feed?tab=mail', 'tab'],
    ['/api/v1/feed?pin=-1', 'pin'],
    ['/api/v1/feed?cursor=abc', 'cursor'],
    ['/api/v1/feed?pagesize=3', 'pagesize'],
    ['/api/v1/feed?type[]=note', 'type[]'],
    ['/api/v1/feed?type=', 'type'],
    ['/api/v1/feed?actor=%00', 'actor'],
    ['/api/v1/feed?includeRetracted=yes', 'includeRetracted'],
    ['/api/v1/events/7', 'id'],
    ['/api/v1/events/0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e?expand=all', 'expand'],
    ['/api/v1/types?page=2', 'page'],
    ['/api/crm/activity/by-customer?page=0', 'page'],
    ['/api/crm/activity/by-customer?pageSize=201', 'pageSize'],
    ['/api/crm/activity/by-customer?limit=1', 'limit'],
  ])('refuses %s with 400 and names %s', async (url, field) => {
    const { status, body, headers } = await call(url, orgid);
    expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [field]]);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(store.asked).toEqual([]);
  });

  it('answers 422 with near names for an unknown type, and for records that have no timeline', async () => {
    const unknown = await call('/api/v1/feed?type=email_opend');
    expect([unknown.status, unknown.body.errors?.[0]?.message]).toEqual([422, expect.stringContaining('email_opened')]);
    expect((await call('/api/v1/timelines/planet/p-1')).status).toBe(422);
    expect((await call('/api/v1/timelines/user/u-1')).status).toBe(422);
    expect((await call('/api/v1/feed?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).status).toBe(422);
  });
});

describe('the endpoints of seed 002', () => {
  it('answer with page numbers, a total and the names of the seed', async () => {
    const { body } = await call('/api/crm/activity/by-customer/contact/c-1?page=3&pageSize=20', orgid);
    expect(body).toMatchObject({ page: 3, pageSize: 20, total: 120, pin: 9, next: expect.any(String) as string });
    expect(body.items[0]).toMatchObject({
      type: 'email_sent',
      datatype: 'contact',
      ownerId: 'c-1',
      metadata: { emailSubject: 'Your quote' },
      payload: { emailSubject: 'Your quote' },
    });
    expect(store.asked[0]?.query).toMatchObject({ page: 3, limit: 20, countTotal: true });
  });

  it('count their pages on by cursor too', async () => {
    const next = String((await call('/api/crm/activity/by-customer/contact/c-1?page=3&pageSize=20', orgid)).body['next']);
    const { body } = await call(`/api/crm/activity/by-customer/contact/c-1?pageSize=20&cursor=${next}`, orgid);
    expect(body['page']).toBe(4);
    expect(store.asked[1]?.query).toMatchObject({ after: { position: 7n }, pin: 9n });
    expect(store.asked[1]?.query.page).toBeUndefined();
  });

  it('say so where the total is a floor', async () => {
    store.page = { ...store.page, totalIsFloor: true };
    expect((await call('/api/crm/activity/by-customer/contact/c-1', orgid)).body['totalIsFloor']).toBe(true);
  });

  it('list all customers without an owner, each item about the customer it names first', async () => {
    const { body } = await call('/api/crm/activity/by-customer', orgid);
    expect(store.asked[0]?.query.timeline).toEqual({ kind: 'feed', aboutCustomers: true });
    expect(body.items[0]).toMatchObject({ datatype: 'contact', ownerId: 'c-1' });
  });

  it('may end in a slash, as optional parts of a path do', async () => {
    expect((await call('/api/crm/activity/by-customer/?page=1', orgid)).status).toBe(200);
    expect((await call('/api/crm/activity/by-customer/', { method: 'POST' })).status).toBe(405);
  });

  it('list the customers of one type, skipping what is about others, on to the page asked for', async () => {
    const about = (n: number, type: string) => row({ position: String(n), entities: `[{"id":"x-${n}","type":"${type}"}]` });
    store.pages = [
      [about(9, 'lead'), about(8, 'contact')],
      [about(7, 'contact'), about(6, 'lead')],
      [about(5, 'contact'), about(4, 'lead')],
    ];
    const { body } = await call('/api/crm/activity/by-customer/contact?pageSize=1&page=2', orgid);
    expect(body.items.map((item) => item['ownerId'])).toEqual(['x-7']);
    expect(body).toMatchObject({ page: 2, total: 3, totalIsFloor: true });
    expect(store.asked[1]?.query.after?.position).toBe(8n);
    store.pages = [[about(5, 'contact')]];
    store.asked = [];
    const after = await call(`/api/crm/activity/by-customer/contact?pageSize=1&cursor=${String(body['next'])}`, orgid);
    expect(store.asked[0]?.query.after?.position).toBe(7n);
    expect(after.body).toMatchObject({ page: 3, total: 3, next: null });
  });

  it('send a caller from the wrong pivot to the right one', async () => {
    const ticket = await call('/api/crm/activity/by-customer/ticket/t%2F1', orgid);
    expect([ticket.status, ticket.body['detail']]).toEqual([400, expect.stringContaining('/api/crm/activity/by-resource/ticket/t%2F1')]);
    const lead = await call('/api/crm/activity/by-resource/lead/l-1', orgid);
    expect([lead.status, lead.body['detail']]).toEqual([400, expect.stringContaining('/api/crm/activity/by-customer/lead/l-1')]);
    expect((await call('/api/crm/activity/by-resource/ticket', orgid)).status).toBe(404);
    expect((await call('/api/crm/activity/by-resource/order/o-1', orgid)).status).toBe(200);
  });
});

describe('a customer', () => {
  const as = { customer: 'contact/c-1' };

  it('reads its own timeline in a smaller shape', async () => {
    const { body, text } = await call('/api/v1/timelines/contact/c-1', { as });
    expect(store.asked[0]?.scope).toEqual({ tenantId: tenant, audience: 'customer', customer: { type: 'contact', id: 'c-1' } });
    expect(body.items).toEqual([
      {
        id: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e',
        type: 'email.sent',
        entities: [{ type: 'contact', id: 'c-1' }],
        actor: { type: 'human' },
        occurredAt: '2026-01-05T14:30:00.000001Z',
        summary: 'sent email “Your quote”',
        icon: 'mail',
        tabs: ['email'],
        payload: { emailSubject: 'Your quote' },
      },
    ]);
    for (const hidden of ['jane', 'boss', 'acc-1', 'sequence-engine', 'position']) expect(text).not.toContain(hidden);
    expect(body['pin']).toEqual(expect.any(String));
  });

  it('can send its pin back', async () => {
    const { body } = await call('/api/v1/timelines/contact/c-1', { as });
    await call(`/api/v1/timelines/contact/c-1?pin=${String(body['pin'])}`, { as });
    expect(store.asked[1]?.query.pin).toBe(9n);
    expect((await call('/api/v1/timelines/contact/c-1?pin=9', { as })).status).toBe(400);
  });

  it('is not shown what staff wrote by hand', async () => {
    store.page = { ...store.page, rows: [row({ summary: 'told them off' })] };
    const { body } = await call('/api/crm/activity/by-customer/contact/c-1', { as, ...orgid });
    expect(body.items[0]).toMatchObject({
      summary: 'sent email “Your quote”',
      type: 'email_sent',
      ownerId: 'c-1',
      metadata: { emailSubject: 'Your quote' },
    });
  });

  it('finds nothing of anybody else, known or not', async () => {
    const known = await call('/api/v1/timelines/account/acc-1', { as });
    const unknown = await call('/api/v1/timelines/account/nobody', { as });
    expect([known.status, known.body]).toEqual([404, unknown.body]);
    expect((await call('/api/crm/activity/by-customer/contact/c-2', { as, ...orgid })).status).toBe(404);
    expect(store.asked).toEqual([]);
  });

  it('has no feed and asks nothing that is for staff', async () => {
    expect((await call('/api/v1/feed', { as })).status).toBe(403);
    expect((await call('/api/crm/activity/by-customer', { as, ...orgid })).status).toBe(403);
    expect((await call('/api/v1/timelines/contact/c-1?includeRetracted=true', { as })).body.errors?.[0]?.field).toBe('includeRetracted');
    expect((await call('/api/v1/timelines/contact/c-1?actor=jane', { as })).body.errors?.[0]?.field).toBe('actor');
  });

  it('opens an event in the smaller shape as well', async () => {
    const { body } = await call('/api/v1/events/0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e', { as });
    expect(Object.keys(body)).toEqual(['id', 'type', 'entities', 'actor', 'occurredAt', 'summary', 'icon', 'tabs', 'payload']);
  });
});

describe('the side panel', () => {
  const url = '/api/v1/events/0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e';

  it('shows everything about one event', async () => {
    store.event = row({ retractedAtPosition: '8', recordedAt: '2026-01-05T14:30:01.000000Z' });
    expect((await call(url)).body).toMatchObject({
      payload: { messageId: 'm-1' },
      actor: { id: 'jane@example.com' },
      occurredAt: '2026-01-05T14:30:00.000001Z',
      recordedAt: '2026-01-05T14:30:01.000000Z',
      appendedAt: '2026-01-05T14:30:02.118000Z',
      icon: 'mail',
      deepLink: 'email_thread/m-1',
      summaryKey: 'email.sent@1',
      summaryParams: { emailSubject: 'Your quote' },
      correlationId: 'run-771',
      causationId: null,
      retracted: true,
      retractedAtPosition: 8,
    });
  });

  it('is 404 where there is no such event for the caller', async () => {
    store.event = null;
    expect((await call(url)).status).toBe(404);
  });
});

describe('every error', () => {
  it('is a problem document: no path, wrong method, bad address', async () => {
    for (const [method, url, status] of [
      ['GET', '/api/v2/feed', 404],
      ['POST', '/api/v1/feed', 405],
      ['DELETE', '/api/crm/activity/by-resource/order/o-1', 405],
      ['GET', '/api/v1/timelines/contact/%E0%A4%A', 400],
      ['GET', `/api/v1/timelines/contact/${'x'.repeat(4000)}`, 414],
    ] as const) {
      const answer = await call(url, { method });
      expect([url, answer.status, answer.headers['content-type']]).toEqual([url, status, 'application/problem+json; charset=utf-8']);
      expect(answer.body['status']).toBe(status);
    }
    expect((await call('/api/v1/feed', { method: 'POST' })).headers['allow']).toBe('GET, HEAD');
  });

  it('of ours shows no stack', async () => {
    store.failure = new Error('select secret from events');
    const { status, text } = await call('/api/v1/feed');
    expect([status, text]).toEqual([500, '{"type":"about:blank","title":"Internal error","status":500}']);
  });

  it('of a database that is away asks to come back', async () => {
    store.failure = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const { status, headers } = await call('/api/v1/feed');
    expect([status, headers['retry-after']]).toEqual([503, '2']);
  });
});

describe('the documents', () => {
  it('describe HTTP as OpenAPI 3.1 and Kafka as AsyncAPI 3', async () => {
    const openApi = (await call('/api/openapi.json', { as: null })).body as unknown as OpenApi;
    expect(openApi.openapi).toBe('3.1.0');
    expect(Object.keys(openApi.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/feed',
        '/api/v1/timelines/{entityType}/{entityId}',
        '/api/crm/activity/by-resource/{datatype}/{ownerId}',
      ]),
    );
    const parameters = Object.entries(openApi.paths).flatMap(([path, operations]) =>
      Object.values(operations).flatMap((operation) => operation.parameters.map((parameter) => ({ path, ...parameter }))),
    );
    for (const { path, name, required } of parameters.filter((parameter) => parameter.in === 'path'))
      expect([path.includes(`{${name}}`), required]).toEqual([true, true]);
    expect((await call('/api/asyncapi.json', { as: null })).body['asyncapi']).toMatch(/^3\./);
    expect((await call('/api/docs', { as: null })).text).toContain('annals API');
  });
});

describe('operation', () => {
  it('answers for health and metrics without a token', async () => {
    expect((await call('/health/live', { as: null })).body).toEqual({ status: 'ok', app: 'query', checks: {} });
    expect((await call('/health/ready', { as: null })).status).toBe(200);
    const { text } = await call('/metrics', { as: null });
    const counts = text
      .split('\n')
      .filter((line) => line.startsWith('annals_http_seconds_count{app="query",method="GET",route="/api/v1/feed"'));
    expect(counts.length).toBeGreaterThan(0);
    expect(text.includes('c-1')).toBe(false);
  });
});
