import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, mintToken, parseConfig, Shutdown } from '#libs/service';
import { connectionFor, openIngestStore, prepareEvent } from '#libs/store';
import { anEvent, freshDatabase, TENANT, type FreshDatabase } from '#libs/testing';
import { queryConfig } from '../config.js';
import { createApp } from '../create-app.js';
import { openParts } from '../open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const logger = createLogger({ app: 'query', level: 'silent' });
const shutdown = new Shutdown({ logger, exit: () => undefined });
const event = prepareEvent(anEvent({ id: 'hostile' }));

let fresh: FreshDatabase;
let app: NestFastifyApplication;
let authorization: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  const log = await openIngestStore({ url: connectionFor(fresh.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  const raw = () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 });
  const records = [{ offset: 0n, outcome: 'event' as const, prepared: event, raw }];
  await log.append({
    clusterId: 'c',
    slices: [{ topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: 0n, nextOffset: 1n, records }],
  });
  await log.close();
  const config = parseConfig(queryConfig, { DATABASE_URL: fresh.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9' });
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  const parts = await openParts(config.values, logger, shutdown);
  // what is taken is never appended: 202
  const publisher = { ...parts.publisher, publish: () => Promise.resolve() };
  app = await createApp({ ...parts, publisher, waits: { writeMs: 1, readMs: 1 } });
  authorization = `Bearer ${await mintToken({ secret, tenants: [TENANT], user: 'jane', scope: 'admin' })}`;
});
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await fresh?.drop();
});

it.each(['application/json', 'application/json; charset=latin1', 'text/plain;charset=UTF-8'])(
  'a body that is not UTF-8 is refused, whatever it is said to be: %s',
  async (type) => {
    const payload = Buffer.concat([Buffer.from('{"text":"caf'), Buffer.from([0xe9]), Buffer.from('"}')]);
    const url = type.startsWith('text') ? '/api/crm/activity/manage' : '/api/v1/timelines/contact/c-1/notes';
    const headers = { authorization, orgid: TENANT, 'content-type': type };
    const answer = await app.inject({ method: 'POST', url, headers, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ field: 'body', message: 'the body is not UTF-8' }] });
  },
);

it('JSON that is said to be text is taken where the seeds send it so, and nowhere else', async () => {
  const post = (url: string, body: object) => {
    const headers = { authorization, orgid: TENANT, 'content-type': 'text/plain;charset=UTF-8' };
    return app.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) });
  };
  const note = { text: 'Prefers to be called after lunch.' };
  const entry = { type: 'call_logged', datatype: 'contact', ownerId: 'c-1' };
  expect((await post('/api/crm/activity/manage', entry)).statusCode).toBe(202);
  expect((await post('/api/v1/timelines/account/acc-1/notes', note)).statusCode).toBe(202);
  expect((await post('/api/v1/rules', { name: 'n', on: ['email.opened'], then: [] })).statusCode).toBe(415);
  expect((await post('/api/v1/events/notes', note)).statusCode).not.toBe(202);
});

it('a token that has just expired opens no stream, which would end at once', async () => {
  const expired = await mintToken({ secret, tenants: [TENANT], user: 'jane', ttlSeconds: -2 });
  const ask = (url: string) => app.inject({ url, headers: { authorization: `Bearer ${expired}`, orgid: TENANT } });
  // the clock of whoever made it may be some seconds behind
  expect((await ask('/api/v1/feed')).statusCode).toBe(200);
  const answer = await ask('/api/v1/feed/stream');
  expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, expect.stringContaining('invalid_token')]);
});

const TEXTS = [
  '\0',
  'a\0b',
  '\ud800',
  '🙂'.repeat(255),
  'x'.repeat(30_000),
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '-1',
  '0',
  '9223372036854775808',
  '1e400',
  '0000-01-01',
  '0000-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59.999999-00:01',
  "' or 1=1; --",
  '{}',
  'a/b',
  '\u202e%00',
];
const VALUES: readonly unknown[] = [
  ...TEXTS.slice(0, 9),
  '0000-01-01T00:00:00+00:01',
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 53,
  1e308,
  [],
  {},
  [[]],
  [null],
  ['\0', '\ud800'],
  { constructor: 'x' },
  { length: -1, toJSON: 1, then: 1, toString: 1, hasOwnProperty: 1 },
  { prototype: {} },
];

const RULE = {
  name: 'opened',
  on: ['email.opened', 'note.added'],
  if: { all: [{ not: { field: 'contact.tags', op: 'includes', value: 'vip' } }, { field: 'source', op: 'in', value: ['a'] }] },
  then: [{ notify: { user: 'rep' } }, { notify: { userFrom: 'actor' } }],
  maxAgeHours: 4,
  enabled: true,
};
const NOTE = { datatype: 'contact', ownerId: 'c' };
/** A good body for every operation that takes one. */
const BODIES: Readonly<Record<string, object>> = {
  'post /api/crm/activity/manage': {
    ...{ ...NOTE, type: 'call_logged', summary: 'called', durationSeconds: 9, occurredAt: '2026-01-05T14:30:00Z', text: 'a', pinned: true },
    ...{ metadata: { phone: '+15550100', more: { deep: [1] } }, entities: [{ type: 'account', id: 'a', role: 'r' }] },
  },
  'post /api/v1/timelines/{entityType}/{entityId}/notes': { text: 'a', pinned: true },
  'post /api/v1/events/{id}/retract': { reason: 'wrong' },
  'post /api/v1/rules': RULE,
  'put /api/v1/rules/{id}': RULE,
  'post /api/v1/rules/dry-run': { rule: { ...RULE, enabled: undefined }, from: 1, to: 2, limit: 3 },
  'post /api/v1/notifications/read-all': { position: 1 },
  'post /api/v1/types': {
    ...{ type: 'custom.tried', summary: 'tried {what}', icon: 'circle', tabs: ['notes'], primary: ['contact'], description: 'a' },
    ...{
      aliases: ['tried.it'],
      groupBy: ['what'],
      scoreFeed: true,
      scoreWeight: 1,
      pii: ['what'],
      visibility: 'customer',
      customerFields: ['what'],
    },
    ...{
      schema: { type: 'object', properties: { what: { type: 'string', pattern: '^a+$', maxLength: 9, enum: ['a'] } }, required: ['what'] },
    },
    ...{ deprecated: false, examples: [{ what: 'a' }], upcasters: [{ from: 1, to: 2, ops: [{ rename: { from: 'a', to: 'what' } }] }] },
  },
  'post /api/crm/activity/comment/create': { ...NOTE, text: 'a', mentions: ['jane'], parentCommentId: 'c' },
  'delete /api/crm/activity/comment/delete/{id}': { reason: 'a' },
  'post /api/crm/activity/comment/delete/{id}': { reason: 'a' },
  'put /api/v1/timelines/{entityType}/{entityId}/seen': { position: 1 },
  'put /api/v1/feed/seen': { position: 1 },
  'put /api/v1/score-model': { weights: { 'deal.won': 5 }, halfLifeDays: 3, bands: [{ name: 'low', from: 0 }], smallestChange: 5 },
};
const PATH: Readonly<Record<string, string>> = { id: event.id, entityType: 'contact', datatype: 'contact', type: 'note.added' };

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

/** Every operation but those that describe the others. */
async function operations(): Promise<Operation[]> {
  const { paths } = (await app.inject('/api/openapi.json')).json<{ paths: Record<string, Record<string, Partial<Operation>>> }>();
  return Object.entries(paths).flatMap(([path, described]) =>
    Object.entries(described)
      .filter(([method]) => ['get', 'post', 'put', 'delete'].includes(method) && /^\/api\/(v1|crm)\//.test(path))
      .map(([method, { parameters = [] }]) => ({ method, path, parameters })),
  );
}

interface Request {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What is wrong with the answer: it is ours that something failed, or a refusal is no problem document. */
async function faultOf({ method, path }: Operation, { url, headers = {}, body }: Request): Promise<string[]> {
  const response = await app.inject({
    // a stream that is opened would never end
    method: (path.endsWith('/stream') ? 'HEAD' : method.toUpperCase()) as 'GET',
    url,
    headers: { authorization, orgid: TENANT, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  });
  const { statusCode } = response;
  const isProblem = String(response.headers['content-type']).startsWith('application/problem+json');
  if (statusCode < 400 || (statusCode < 500 && isProblem)) return [];
  return [`${method} ${url.slice(0, 200)} ${(JSON.stringify(body) ?? '').slice(0, 300)} → ${statusCode}`];
}

const urlOf = (path: string, changed: Readonly<Record<string, string>> = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(changed[name] ?? PATH[name] ?? 'c'));

async function faultsOf(all: readonly (readonly [Operation, Request])[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [operation, request] of all) faults.push(...(await faultOf(operation, request)));
  return faults;
}

// no URL can hold a lone surrogate
const IN_URL = TEXTS.filter((text) => text !== '\ud800');

it.each(['query', 'path'])('no text in the %s of any operation is a fault of ours', async (place) => {
  const requests = (await operations()).flatMap((operation) =>
    operation.parameters
      .filter((parameter) => parameter.in === place)
      .flatMap(({ name }) =>
        IN_URL.map((text) => {
          const query = `${name}=${encodeURIComponent(text)}`;
          return [
            operation,
            { url: place === 'path' ? urlOf(operation.path, { [name]: text }) : `${urlOf(operation.path)}?${query}` },
          ] as const;
        }),
      ),
  );
  expect(requests.length).toBeGreaterThan(100);
  expect(await faultsOf(requests)).toEqual([]);
});

it.each(['orgid', 'authorization', 'idempotency-key', 'position-token', 'if-match', 'last-event-id', 'content-type'])(
  'no text in the header %s is a fault of ours',
  async (name) => {
    const texts = [
      '',
      ' ',
      'ÿ',
      'x'.repeat(9_000),
      '-1',
      '9223372036854775808',
      `${TENANT}, ${TENANT}`,
      '"99999999999"',
      'Bearer a.b.c',
      event.id,
    ];
    const requests = (await operations()).flatMap((operation) =>
      texts.map((text) => [operation, { url: urlOf(operation.path), headers: { [name]: text }, body: bodyOf(operation) }] as const),
    );
    expect(await faultsOf(requests)).toEqual([]);
  },
);

it('no value anywhere in the body of any operation is a fault of ours', async () => {
  const requests = (await operations()).flatMap((operation) => {
    const good = bodyOf(operation);
    const bodies = good === undefined ? VALUES : placesIn(good).flatMap((place) => VALUES.map((value) => put(good, place, value)));
    return operation.method === 'get' ? [] : bodies.map((body) => [operation, { url: urlOf(operation.path), body }] as const);
  });
  expect(requests.length).toBeGreaterThan(1_000);
  expect(await faultsOf(requests)).toEqual([]);
}, 120_000);

const bodyOf = ({ method, path }: Operation): object | undefined => BODIES[`${method} ${path}`];

type Place = readonly string[];

/** The body itself and everything in it, and a member that is not there. */
function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inside = Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...at, name]));
  return [at, ...inside, [...at, 'constructor']];
}

function put(value: unknown, [first, ...rest]: Place, wanted: unknown): unknown {
  if (first === undefined) return wanted;
  if (Array.isArray(value)) return value.map((inner: unknown, i) => (String(i) === first ? put(inner, rest, wanted) : inner));
  return { ...(value as object), [first]: put((value as Record<string, unknown>)[first], rest, wanted) };
}
