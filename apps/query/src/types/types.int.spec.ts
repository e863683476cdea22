import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EVENT_TYPES } from '#libs/contracts';
import { createLogger, mintToken, parseConfig, Shutdown, type TokenHolder } from '#libs/service';
import { freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { queryConfig } from '../config.js';
import { createApp } from '../create-app.js';
import { openParts } from '../open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const shutdown = new Shutdown({ logger: createLogger({ app: 'query', level: 'silent' }), exit: () => undefined });
const DEMO_HELD = {
  type: 'custom.demo_held',
  schema: { type: 'object', properties: { attendee: { type: 'string' }, minutes: { type: 'integer' } } },
  summary: 'held a demo[[ of {minutes} minutes]]',
  icon: 'presentation',
  tabs: ['signals'],
  primary: ['contact'],
  pii: ['attendee'],
  examples: [{ minutes: 30 }],
};

let database: FreshDatabase;
let app: NestFastifyApplication;
beforeAll(async () => {
  database = await freshDatabase();
  const config = parseConfig(queryConfig, { DATABASE_URL: database.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9' });
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  app = await createApp(await openParts(config.values, createLogger({ app: 'query', level: 'silent' }), shutdown));
});
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await database?.drop();
});

interface Answer {
  readonly status: number;
  readonly location: unknown;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly items: readonly Readonly<Record<string, unknown>>[];
    readonly errors?: readonly { readonly field: string }[];
  };
}

async function call(path = '', body?: object, as: TokenHolder = { user: 'jane' }, tenant = TENANT): Promise<Answer> {
  const token = await mintToken({ secret, tenants: [tenant], ttlSeconds: 60, ...as });
  const headers = { authorization: `Bearer ${token}` };
  const url = `/api/v1/types${path}`;
  const answer = await app.inject(body ? { method: 'POST', url, headers, payload: body } : { url, headers });
  return { status: answer.statusCode, location: answer.headers['location'], body: answer.json() };
}
const fieldsOf = ({ body }: Answer): string[] => (body.errors ?? []).map(({ field }) => field);

describe('GET /api/v1/types', () => {
  it('lists the built-in types as far as nothing is registered', async () => {
    const { status, body } = await call('', undefined, { user: 'jane' }, OTHER_TENANT);
    expect([status, body.items.map(({ type }) => type)]).toEqual([200, EVENT_TYPES]);
    expect(body.items.find(({ type }) => type === 'call.completed')).toMatchObject({
      ...{ aliases: ['call', 'call_logged', 'call.logged', 'call_completed'], activityName: 'call_logged', custom: false, icon: 'phone' },
      ...{ topic: 'crm.engagement', visibility: 'staff', scoreFeed: true, version: 1, pii: ['phone', 'text', 'recordingUrl'] },
      versions: [{ version: 1, summary: 'logged a call[[, {durationSeconds|duration}]][[, outcome {outcome}]]', createdAt: null }],
    });
  });

  it('shows one by any of its names, and 404 for none', async () => {
    expect((await call('/Email_Opened')).body).toMatchObject({ type: 'email.opened', groupBy: ['messageId'] });
    expect((await call('/custom.nothing')).status).toBe(404);
  });
});

describe('POST /api/v1/types', () => {
  it('registers a type: 201 the first time, 200 from then on, and the next version for another definition', async () => {
    const first = await call('', DEMO_HELD);
    expect([first.status, first.location]).toEqual([201, '/api/v1/types/custom.demo_held']);
    expect(first.body).toMatchObject({
      ...{ type: 'custom.demo_held', aliases: ['demo_held'], custom: true, topic: 'crm.custom', visibility: 'staff', version: 1 },
      ...{ pii: ['attendee'], scoreFeed: false, deprecated: false },
      versions: [{ version: 1, createdBy: 'jane', examples: [{ minutes: 30 }] }],
    });
    const reordered = Object.fromEntries(Object.entries(DEMO_HELD).reverse());
    expect((await call('', reordered, { service: 'deployer' })).status).toBe(200);
    const second = await call('', { ...DEMO_HELD, deprecated: true });
    expect([second.status, second.body]).toMatchObject([201, { version: 2, deprecated: true, versions: [{ version: 1 }, { version: 2 }] }]);
    expect((await call('', DEMO_HELD)).body).toMatchObject({ version: 2 });
    expect((await call()).body.items.map(({ type }) => type)).toContain('custom.demo_held');
    expect((await call('/demo_held')).body).toMatchObject({ type: 'custom.demo_held' });
    expect((await call('/demo_held', undefined, { user: 'jane' }, OTHER_TENANT)).status).toBe(404);
  });

  it('answers six at once with one version each', async () => {
    const all = await Promise.all([1, 2, 3, 1, 2, 3].map((n) => call('', { ...DEMO_HELD, type: 'custom.at_once', description: `${n}` })));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201, 201, 201]);
    expect((await call('/custom.at_once')).body).toMatchObject({ version: 3 });
  });

  it.each<[string, object, number, string[]]>([
    ['an undeclared member', { ...DEMO_HELD, colour: 'red' }, 400, ['colour']],
    ['a member of the wrong kind', { ...DEMO_HELD, primary: 'contact', schema: [] }, 400, ['schema', 'primary']],
    ['no sentence', { ...DEMO_HELD, summary: undefined }, 400, ['summary']],
    ['a built-in name', { ...DEMO_HELD, type: 'deal.won' }, 422, ['/type']],
    [
      'a schema that does not compile',
      { ...DEMO_HELD, type: 'custom.x', schema: { type: 'object', properties: { attendee: { type: 'str' } } } },
      422,
      ['/schema/properties/attendee/type'],
    ],
    [
      'a pattern that explodes',
      { ...DEMO_HELD, type: 'custom.x', schema: { type: 'object', properties: { attendee: { type: 'string', pattern: '(a+)+$' } } } },
      422,
      ['/schema/properties/attendee/pattern'],
    ],
    ['a sentence that names no field', { ...DEMO_HELD, type: 'custom.x', summary: 'held {demo}' }, 422, ['/summary']],
    [
      'a first version with an upcaster',
      { ...DEMO_HELD, type: 'custom.x', upcasters: [{ from: 1, to: 2, ops: [{ drop: { field: 'a' } }] }] },
      422,
      ['/upcasters/0/to'],
    ],
    [
      'a version that cannot read the one before',
      { ...DEMO_HELD, examples: [], schema: { type: 'object', properties: { attendee: { type: 'string' }, minutes: { type: 'string' } } } },
      422,
      ['/schema'],
    ],
    ['an alias of another type', { ...DEMO_HELD, type: 'custom.x', aliases: ['demo_held'] }, 422, ['/aliases/0']],
  ])('refuses %s, and names it', async (_, body, status, fields) => {
    const answer = await call('', body);
    expect([answer.status, fieldsOf(answer)]).toEqual([status, fields]);
    expect((await call('/custom.x')).status).toBe(404);
  });

  it('is for staff', async () => {
    const customer = { customer: 'contact/c-1' };
    for (const answer of [
      await call('', undefined, customer),
      await call('/deal.won', undefined, customer),
      await call('', DEMO_HELD, customer),
    ])
      expect(answer.status).toBe(403);
    expect((await app.inject({ url: '/api/v1/types' })).statusCode).toBe(401);
  });
});
