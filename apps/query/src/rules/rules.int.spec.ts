import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { createLogger, mintToken, parseConfig, Shutdown, type TokenHolder } from '#libs/service';
import {
  connectionFor,
  endSpans,
  inTransaction,
  keepTagChanges,
  openDatabase,
  openIngestStore,
  prepareEvent,
  writeEffects,
  type Database,
  type Effect,
  type IngestStore,
} from '#libs/store';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type EventDraft, type FreshDatabase } from '#libs/testing';
import { queryConfig } from '../config.js';
import { createApp } from '../create-app.js';
import { openParts } from '../open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const logger = createLogger({ app: 'query', level: 'silent' });
const shutdown = new Shutdown({ logger, exit: () => undefined });
const RULE = {
  name: 'vip opened',
  on: ['email_opened'],
  if: { all: [{ field: 'contact.tags', op: 'includes', value: 'vip' }] },
  then: [{ notify: { user: 'rep-1' } }],
  maxAgeHours: 4,
};

let database: FreshDatabase;
let log: IngestStore;
let automation: Database;
let app: NestFastifyApplication;
let offset = 0n;

beforeAll(async () => {
  database = await freshDatabase();
  log = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  automation = await openDatabase({ url: connectionFor(database.url, 'automation'), poolSize: 1, applicationName: 'spec' });
  const config = parseConfig(queryConfig, { DATABASE_URL: database.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9' });
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  app = await createApp(await openParts(config.values, logger, shutdown));
});
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await Promise.all([log?.close(), automation?.close()]);
  await database?.drop();
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: {
    readonly [member: string]: unknown;
    readonly items: Record<string, unknown>[];
    readonly next: string | null;
    readonly id: string;
  };
  readonly errors: string[];
}

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: unknown,
  more: Record<string, string> = {},
  as: TokenHolder = { user: 'jane' },
  tenant = TENANT,
): Promise<Answer> {
  const authorization = `Bearer ${await mintToken({ secret, tenants: [tenant], ...as })}`;
  const response = await app.inject({
    method,
    url,
    headers: { authorization, ...more },
    ...(payload !== undefined && { payload: payload as object }),
  });
  const body = (response.body === '' ? {} : response.json()) as Answer['body'] & { errors?: { field: string; message: string }[] };
  return {
    status: response.statusCode,
    headers: response.headers,
    body,
    errors: (body.errors ?? []).map(({ field, message }) => `${field} ${message}`),
  };
}
const get = (url: string, as?: TokenHolder, tenant?: string): Promise<Answer> => call('GET', url, undefined, {}, as, tenant);

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

describe('a rule', () => {
  it('is saved, read, replaced under its ETag, and deleted', async () => {
    const saved = await call('POST', '/api/v1/rules', RULE);
    expect([saved.status, saved.headers['location'], saved.headers['etag']]).toEqual([201, `/api/v1/rules/${saved.body.id}`, '"1"']);
    expect(saved.body).toMatchObject({ ...RULE, on: ['email.opened'], version: 1, enabled: true, createdBy: 'jane' });
    const url = `/api/v1/rules/${saved.body.id}`;
    expect((await get(url)).body).toEqual(saved.body);
    expect((await get('/api/v1/rules')).body.items).toContainEqual(saved.body);
    const replaced = await call('PUT', url, { ...RULE, name: 'off', enabled: false }, { 'if-match': '"1"' }, { user: 'ben' });
    expect(replaced.body).toMatchObject({ name: 'off', version: 2, enabled: false, createdBy: 'jane', updatedBy: 'ben' });
    expect((await call('PUT', url, RULE, { 'if-match': '"1"' })).body).toMatchObject({
      status: 412,
      type: 'urn:annals:problem:changed-meanwhile',
    });
    expect((await call('DELETE', url, undefined, { 'if-match': 'soon' })).status).toBe(400);
    expect((await call('DELETE', url)).status).toBe(204);
    expect([(await get(url)).status, (await call('PUT', url, RULE)).status, (await call('DELETE', url)).status]).toEqual([404, 404, 404]);
    expect((await get(`${url}/effects`)).body).toEqual({ items: [], next: null });
  });

  it('that cannot be evaluated is refused with pointers to every fault, and nothing is saved', async () => {
    const before = (await get('/api/v1/rules')).body.items.length;
    const condition = {
      any: [
        { field: 'payload.nope', op: 'eq', value: 1 },
        { field: 'contact.tags', op: 'gt', value: 1 },
      ],
    };
    const refused = await call('POST', '/api/v1/rules', { ...RULE, on: ['email.opened', 'email.opend'], if: condition });
    expect(refused.body).toMatchObject({ status: 422, type: 'urn:annals:problem:rule-not-evaluable' });
    expect(refused.errors).toEqual([
      '/on/1 is no known type',
      '/if/any/0/field the payload of email.opened has no such field',
      '/if/any/1/op means nothing for texts; it takes includes, exists',
    ]);
    expect((await get('/api/v1/rules')).body.items).toHaveLength(before);
  });

  it.each([
    ['no name', { ...RULE, name: undefined }, 'name'],
    ['no list of types', { ...RULE, on: 'email.opened' }, 'on'],
    ['a condition that is none', { ...RULE, if: 'always' }, 'if'],
    ['something unknown', { ...RULE, prority: 1 }, 'prority'],
    ['a list', [RULE], 'body'],
    ['a member that would be taken for a class', { ...RULE, then: [{ constructor: 'x' }] }, 'then.0.constructor'],
  ])('with %s is malformed', async (_, body, field) => {
    const { status, errors } = await call('POST', '/api/v1/rules', body);
    expect([status, errors[0]]).toEqual([400, expect.stringMatching(`^${field} `)]);
  });

  it('is the tenant’s: another’s looks unknown, and customers are refused on every path', async () => {
    const { body } = await call('POST', '/api/v1/rules', RULE);
    const url = `/api/v1/rules/${body.id}`;
    expect((await get(url, undefined, OTHER_TENANT)).status).toBe(404);
    expect((await get(`${url}/effects`, undefined, OTHER_TENANT)).status).toBe(404);
    expect((await get('/api/v1/rules', undefined, OTHER_TENANT)).body.items).toEqual([]);
    const customer = { customer: 'contact/c' };
    const asked = await Promise.all([
      get('/api/v1/rules', customer),
      get(url, customer),
      get(`${url}/effects`, customer),
      call('POST', '/api/v1/rules', RULE, {}, customer),
      call('POST', '/api/v1/rules/dry-run', { rule: RULE }, {}, customer),
      call('PUT', url, RULE, {}, customer),
      call('DELETE', url, undefined, {}, customer),
      get('/api/v1/notifications', customer),
      call('POST', '/api/v1/notifications/read-all', {}, {}, customer),
      call('POST', `/api/v1/notifications/${body.id}/read`, undefined, {}, customer),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 403));
  });

  it('is listed page by page', async () => {
    const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
    for (const name of ['a', 'b', 'c']) await call('POST', '/api/v1/rules', { ...RULE, name }, {}, undefined, tenant);
    const first = await get('/api/v1/rules?limit=2', undefined, tenant);
    const rest = await get(`/api/v1/rules?limit=2&cursor=${first.body.next}`, undefined, tenant);
    expect([...first.body.items, ...rest.body.items].map(({ name }) => name).sort()).toEqual(['a', 'b', 'c']);
    expect(rest.body.next).toBeNull();
    expect((await get(`/api/v1/rules?cursor=${first.body.next}`)).status).toBe(400);
  });
});

describe('a dry run', () => {
  const tenant = 'aaaaaaaa-0000-4000-8000-000000000002';
  const contact = { type: 'contact', id: 'c' };
  const run = (body: object): Promise<Answer> => call('POST', '/api/v1/rules/dry-run', body, {}, undefined, tenant);
  const every = { name: 'every', on: ['email.opened'], then: [{ notify: { user: 'a' } }, { notify: { user: 'b' } }] };
  const opened = { tenantId: tenant, type: 'email.opened', entities: [contact], time: new Date().toISOString() } as const;
  beforeAll(() =>
    append(
      { ...opened, type: 'contact.tagged', payload: { tag: 'vip' } },
      opened,
      { ...opened, ingestMode: 'backfill' },
      { ...opened, id: 'wrong' },
      { tenantId: tenant, type: 'activity.retracted', entities: [contact], payload: { targetEventId: 'wrong' } },
    ),
  );

  it('counts everything and shows the first matches; what was taken back has no sentence', async () => {
    const { body } = await run({ rule: every });
    expect(body).toMatchObject({
      ...{ count: 4, counts: { fired: 4, heldBackfill: 2, tooOld: 0, retracted: 0 } },
      ...{ range: { from: 1, to: 5 }, scannedTo: 5, reach: 5, next: null, done: true },
    });
    expect(body.items.map(({ position, outcome, summary }) => [position, outcome, summary])).toEqual([
      [2, 'fired', 'opened email “Following up on your inquiry”'],
      [3, 'held: backfill', 'opened email “Following up on your inquiry”'],
      [4, 'fired', null],
    ]);
    expect((await run({ rule: every, from: 3, to: 3, limit: 1 })).body).toMatchObject({
      count: 0,
      counts: { heldBackfill: 2 },
      scannedTo: 3,
      done: true,
    });
  });

  it('takes times for positions: what was recorded from one until before another', async () => {
    const { rows } = await automation.pool.query<{ appended: string }>(
      `select to_char(appended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as appended from annals.events where tenant_id = $1 and position = 1`,
      [tenant],
    );
    const recorded = rows[0]!.appended;
    const until = new Date(Date.parse(recorded) + 1).toISOString();
    const range = async (wish: object) => (await run({ rule: every, ...wish })).body['range'];
    expect(await range({ from: recorded, to: until })).toEqual({ from: 1, to: 5 });
    expect(await range({ from: '1970-01-01T00:00:00+01:00', to: recorded })).toEqual({ from: 1, to: 0 });
    expect(await range({ from: until })).toEqual({ from: 6, to: 5 });
    expect(await range({ from: 3, to: '9999-12-31T23:59:59Z' })).toEqual({ from: 3, to: 5 });
    expect((await run({ rule: every, from: until })).body).toMatchObject({ count: 0, items: [], next: null, done: true });
  });

  it.each([
    [
      { from: 'yesterday' },
      400,
      'from must be a position (a whole number from 1) or an RFC 3339 time with offset, such as 2026-01-05T14:30:00Z',
    ],
    [{ from: '2026-01-05T14:30:00' }, 400, expect.stringMatching(/^from must be a position/)],
    [{ from: 0 }, 400, expect.stringMatching(/^from must be a position/)],
    [{ from: 1, to: 1.5 }, 400, expect.stringMatching(/^to must be a position/)],
    [{ to: [] }, 400, expect.stringMatching(/^to must be a position/)],
    [{ from: 5, to: 4 }, 422, 'from must not lie after to'],
    [{ from: '2026-01-05T14:30:00Z', to: '2026-01-05T14:30:00+01:00' }, 422, 'from must not lie after to'],
  ])('from %j is refused with %i', async (range, status, error) => {
    const refused = await run({ rule: every, ...range });
    expect([refused.status, refused.errors]).toEqual([status, [error]]);
  });

  it('looks at a bounded part at once and says where to go on', async () => {
    const large = 'aaaaaaaa-0000-4000-8000-000000000004';
    const ask = (body: object): Promise<Answer> => call('POST', '/api/v1/rules/dry-run', body, {}, undefined, large);
    await append({ tenantId: large, type: 'note.added' });
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    // as though the log were so long
    await owner.query('update annals.heads set position = 100010 where tenant_id = $1', [large]);
    await owner.end();
    const noted = { name: 'noted', on: ['note.added'], then: [{ notify: { user: 'a' } }] };
    const seen: unknown[] = [];
    let from: unknown = '1970-01-01T00:00:00Z';
    let requests = 0;
    let count = 0;
    for (; from !== null; requests++) {
      const { body } = await ask({ rule: noted, from, limit: 1 });
      seen.push((body['range'] as { from: number }).from);
      count += body['count'] as number;
      from = body.next;
    }
    expect([requests > 1, seen[0], count]).toEqual([true, 1, 1]);
  });

  it('with tags reaches as far as automation has read them', async () => {
    expect((await run({ rule: RULE })).body).toMatchObject({ count: 0, reach: 0, scannedTo: 0, done: true });
    await inTransaction(automation, async (client) => {
      const occurredAt = 1_700_000_000_000_000n;
      await keepTagChanges(client, [{ tenantId: tenant, entity: contact, position: 1n, occurredAt, tag: 'vip', added: true }]);
      await endSpans(client, 'rules', [{ tenantId: tenant, after: 0n, upto: 2n }]);
    });
    expect((await run({ rule: RULE })).body).toMatchObject({ count: 1, reach: 2, scannedTo: 2, done: true });
  });

  it('takes a saved rule by its id, and refuses what it cannot evaluate', async () => {
    const { id } = (await call('POST', '/api/v1/rules', every, {}, undefined, tenant)).body;
    expect((await run({ ruleId: id })).body).toMatchObject({ count: 4 });
    expect((await run({ ruleId: '00000000-0000-4000-8000-000000000000' })).status).toBe(404);
    expect((await run({})).errors).toEqual(['rule send either rule or ruleId']);
    expect((await run({ rule: { ...every, on: ['nope'] } })).errors).toEqual(['/rule/on/0 is no known type']);
    const { rows } = await automation.pool.query('select from annals_app.effects where tenant_id = $1', [tenant]);
    expect(rows).toEqual([]);
  });
});

describe('notifications and the ledger', () => {
  const tenant = 'aaaaaaaa-0000-4000-8000-000000000003';
  const rep = { user: 'rep-1' };
  const list = (query = '', as: TokenHolder = rep): Promise<Answer> => get(`/api/v1/notifications${query}`, as, tenant);
  const mark = (id: unknown, how: 'read' | 'unread', as: TokenHolder = rep): Promise<Answer> =>
    call('POST', `/api/v1/notifications/${String(id)}/${how}`, undefined, {}, as, tenant);

  it('carry the sentence as it reads now, newest event first, page by page, to their user only', async () => {
    await append(...[1, 2, 3].map((n) => ({ tenantId: tenant, id: `n-${n}`, payload: { text: `note ${n}` } })));
    const effects = [1, 2, 3].flatMap((position) =>
      ['rep-1', 'rep-2'].map((recipient): Effect => ({
        ...{ tenantId: tenant, ruleId: 'mention', ruleVersion: 1, eventId: `00000000-0000-8000-8000-00000000000${position}` },
        ...{ position: BigInt(position), recipient, outcome: position === 1 ? 'too old' : 'fired', reason: 'mentioned' },
      })),
    );
    await inTransaction(automation, (client) => writeEffects(client, effects));
    const { body } = await list();
    expect([body.items.map(({ summary }) => summary), body['unread']]).toEqual([['added a note: note 3', 'added a note: note 2'], 2]);
    const first = await list('?limit=1');
    const second = await list(`?limit=1&cursor=${first.body.next}`);
    expect([...first.body.items, ...second.body.items]).toEqual(body.items);
    expect([second.body.next, (await list(`?limit=1&cursor=${first.body.next}`, { user: 'rep-2' })).status]).toEqual([null, 400]);
    const { items } = (await get('/api/v1/rules/mention/effects?limit=2', rep, tenant)).body;
    expect(items.map(({ position, recipient }) => [position, recipient])).toEqual([
      [3, 'rep-1'],
      [3, 'rep-2'],
    ]);
    const held = (await get('/api/v1/rules/mention/effects?outcome=too%20old', rep, tenant)).body.items;
    expect(held).toHaveLength(2);
    const walked: unknown[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: Answer = await get(`/api/v1/rules/mention/effects?limit=1${next === '' ? '' : `&cursor=${next}`}`, rep, tenant);
      walked.push(...page.body.items);
      next = page.body.next;
    }
    expect(walked).toHaveLength(6);
    expect((await get('/api/v1/rules/mention/effects?cursor=nonsense', rep, tenant)).status).toBe(400);
  });

  it('are read, unread again, and read all at once, each by its own user', async () => {
    const [newest] = (await list()).body.items;
    expect((await mark(newest?.['id'], 'read', { user: 'rep-2' })).status).toBe(404);
    expect([(await mark(newest?.['id'], 'read')).status, (await mark(newest?.['id'], 'read')).status]).toEqual([204, 204]);
    expect((await list('?unread=true')).body).toMatchObject({ items: [{ position: 2, read: false }], unread: 1 });
    expect((await list()).body.items[0]).toMatchObject({ read: true, readAt: expect.any(String) as string });
    expect((await mark(newest?.['id'], 'unread')).status).toBe(204);
    const all = await call('POST', '/api/v1/notifications/read-all', {}, {}, rep, tenant);
    expect([all.status, all.body]).toEqual([200, { marked: 2 }]);
    expect([(await list()).body['unread'], (await list('', { user: 'rep-2' })).body['unread']]).toEqual([0, 2]);
  });

  it('of an entry that was taken back stay, without its sentence', async () => {
    await append({ tenantId: tenant, type: 'activity.retracted', payload: { targetEventId: 'n-3' } });
    expect((await list()).body.items.map(({ summary, retracted }) => [summary, retracted])).toEqual([
      [null, true],
      ['added a note: note 2', false],
    ]);
  });
});
