import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fc from 'fast-check';
import { TABS, type ActivityEvent, type EntityRef } from '#libs/contracts';
import { createLogger, mintToken, parseConfig, Shutdown } from '#libs/service';
import { connectionFor, itemId, openIngestStore, prepareEvent, type IngestStore } from '#libs/store';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { queryConfig } from '../config.js';
import { createApp } from '../create-app.js';
import { openParts } from '../open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const SOURCE = '/tests';
const MARKER = 'planted-';
const ME: EntityRef = { type: 'contact', id: 'me' };
const logger = createLogger({ app: 'query', level: 'silent' });
const shutdown = new Shutdown({ logger, exit: () => undefined });

let database: FreshDatabase;
let log: IngestStore;
let app: NestFastifyApplication;
let url: string;
let appended = 0n;

beforeAll(async () => {
  database = await freshDatabase();
  log = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  const settings = { DATABASE_URL: database.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9', QUERY_READ_WAIT_MS: '0' };
  const config = parseConfig(queryConfig, settings);
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  app = await createApp(await openParts(config.values, logger, shutdown));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await log?.close();
  await database?.drop();
});

async function append(events: readonly ActivityEvent[]): Promise<void> {
  if (events.length === 0) return;
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

/** One entry of a log; `pick` says which comment it answers or deletes. */
interface Step {
  readonly does: 'mail' | 'note' | 'comment' | 'reply' | 'delete' | 'take back';
  readonly about: readonly EntityRef[];
  readonly minute: number;
  readonly pick: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom('mail', 'mail', 'note', 'comment', 'comment', 'reply', 'delete', 'take back'),
  about: fc.constantFrom([ME], [ME, { type: 'account', id: 'acc' }], [{ type: 'contact', id: 'other' }], [{ type: 'lead', id: 'me' }, ME]),
  minute: fc.nat(50_000),
  pick: fc.nat(100),
});
const isOpen = ({ does }: Step): boolean => does === 'mail' || does === 'note';

/** The events of a log, each numbered by its place among all steps, so that with and without comments the others are the same. */
function eventsOf(steps: readonly Step[], tenantId: string): ActivityEvent[] {
  const comments = steps.flatMap((each, n) => (each.does === 'comment' || each.does === 'reply' ? [n] : []));
  return steps.map(({ does, about, minute, pick }, n) => {
    const picked = comments[pick % (comments.length || 1)] ?? 0;
    const common = {
      id: `s${n}`,
      source: SOURCE,
      tenantId,
      entities: about,
      time: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
    };
    const text = `${MARKER}${n}`;
    switch (does) {
      case 'mail':
        return anEvent({ ...common, type: 'email.sent', payload: { emailSubject: `mail ${n}`, messageId: `m${n}` } });
      case 'note':
        return anEvent({ ...common, type: 'note.added', payload: { text } });
      case 'comment':
        return anEvent({ ...common, type: 'comment.added', payload: { commentId: `k${n}`, text } });
      case 'reply':
        return anEvent({ ...common, type: 'comment.added', payload: { commentId: `k${n}`, text, parentCommentId: `k${picked}` } });
      case 'delete':
        return anEvent({ ...common, type: 'comment.deleted', payload: { commentId: `k${picked}`, reason: text } });
      case 'take back':
        return anEvent({
          ...common,
          type: 'activity.retracted',
          payload: { targetEventId: itemId(tenantId, SOURCE, comments.length === 0 ? 'none' : `s${picked}`), reason: text },
        });
    }
  });
}

const customerToken = (tenantId: string) => mintToken({ secret, tenants: [tenantId], customer: 'contact/me' });

interface Seen {
  readonly status: number;
  /** Without what differs between any two tenants: ids of items, sealed texts. */
  readonly body: unknown;
  readonly next: string | null;
  readonly pin: string | null;
}

async function ask(tenantId: string, path: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE' = 'GET', payload?: object): Promise<Seen> {
  const authorization = `Bearer ${await customerToken(tenantId)}`;
  const answer = await app.inject({ method, url: path, headers: { authorization, orgid: tenantId }, ...(payload && { payload }) });
  const everything = JSON.stringify(answer.headers) + answer.body;
  expect(everything).not.toContain(MARKER);
  expect(everything).not.toContain('comment.added');
  const isJson = String(answer.headers['content-type']).includes('json');
  const body = isJson ? answer.json<{ next?: string | null; pin?: string | null }>() : {};
  const { next = null, pin = null } = body;
  return { status: answer.statusCode, body: comparable(isJson ? body : answer.body), next, pin };
}

function comparable(body: unknown): unknown {
  const hidden = new Set(['id', 'pin', 'ticket', 'expiresAt']);
  return JSON.parse(JSON.stringify(body), (key, value: unknown) => {
    if (hidden.has(key)) return '…';
    return key === 'next' && value !== null ? '…' : value;
  }) as unknown;
}

/** Sealed texts differ whenever they are made; whether there is a next page stands in the body. */
const compared = (seen: unknown): unknown =>
  JSON.parse(JSON.stringify(seen), function (this: Record<string, unknown>, key, value: unknown) {
    return 'status' in this && (key === 'next' || key === 'pin') ? '…' : value;
  });

/** Every page of a list. */
async function walk(tenantId: string, path: string): Promise<Seen[]> {
  const pages: Seen[] = [];
  for (let next: string | null = ''; next !== null;) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const page = await ask(tenantId, `${path}${cursor}`);
    pages.push(page);
    next = page.next;
  }
  return pages;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
/** Without what knows no tenants: how the process is, and the documents that name every type. */
async function documented(): Promise<Document['paths']> {
  const { paths } = (await app.inject('/api/openapi.json')).json<Document>();
  return Object.fromEntries(Object.entries(paths).filter(([path]) => /^\/api\/(v1|crm)\//.test(path)));
}

/** What stands in the parts of a path; every combination is asked. */
function filled(path: string, ids: readonly string[]): string[] {
  const values: Record<string, readonly string[]> = {
    entityType: ['contact'],
    entityId: ['me', 'other'],
    datatype: ['contact', 'lead'],
    ownerId: ['me', 'other'],
  };
  const name = /\{(\w+)\}/.exec(path)?.[1];
  if (name === undefined) return [path];
  return (values[name] ?? ids).flatMap((value) => filled(path.replace(`{${name}}`, encodeURIComponent(value)), ids));
}

const FILTERS = [
  '?limit=3',
  '?pageSize=3',
  '?type=comment.added',
  '?type=comment_deleted,email.sent',
  ...TABS.map((tab) => `?tab=${tab}`),
  '?actor=jane@example.com',
  '?from=2026-01-05T00:00:00Z&to=2026-01-20T00:00:00Z',
  '?includeRetracted=true',
  '?page=2&pageSize=3',
  '?token=1',
  '?cursor=x',
];

describe('comments', () => {
  it('change nothing that a customer can learn on any route: no text, no count, no page, no error', async () => {
    const paths = await documented();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.nat(40), async (steps, cut) => {
        const [withComments, without] = [randomUUID(), randomUUID()];
        const log = { [withComments]: steps, [without]: steps };
        const eventsFor = (tenant: string, from: number, to?: number) =>
          eventsOf(log[tenant] ?? [], tenant)
            .slice(from, to)
            .filter((_, n) => tenant === withComments || isOpen(steps[from + n] as Step));
        await append([withComments, without].flatMap((tenant) => eventsFor(tenant, 0, cut)));
        const lists = ['/api/v1/timelines/contact/me?limit=3', '/api/crm/activity/by-customer/contact/me?pageSize=3'];
        const pins = await Promise.all([withComments, without].map(async (tenant) => (await ask(tenant, lists[0] ?? '')).pin));
        await append([withComments, without].flatMap((tenant) => eventsFor(tenant, cut)));

        const both = async <T>(read: (tenant: string, nth: number) => Promise<T>) => {
          const [seen, expected] = await Promise.all([read(withComments, 0), read(without, 1)]);
          expect(compared(seen)).toEqual(compared(expected));
        };
        for (const list of lists) {
          await both((tenant) => walk(tenant, list));
          await both((tenant, nth) => ask(tenant, `${list}&pin=${pins[nth]}`));
        }
        const ids = (tenant: string) =>
          steps.flatMap(({ does }, n) => (does === 'mail' ? [] : [itemId(tenant, SOURCE, `s${n}`)])).slice(0, 6);
        for (const [path, methods] of Object.entries(paths)) {
          if ('get' in methods && !path.endsWith('/stream')) {
            await both((tenant) => Promise.all(filled(path, [...ids(tenant), 'k0']).map((each) => ask(tenant, each))));
            await both((tenant) => Promise.all(FILTERS.map((filter) => ask(tenant, (filled(path, ids(tenant))[0] ?? path) + filter))));
          }
          for (const method of ['POST', 'PUT', 'DELETE'] as const) {
            if (!(method.toLowerCase() in methods)) continue;
            await both((tenant) => Promise.all(filled(path, [...ids(tenant), 'k0']).map((each) => ask(tenant, each, method, {}))));
          }
        }
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  it('are not in a live stream either, from the beginning or as they come', async () => {
    const tenantId = randomUUID();
    const of = (n: number, does: Step['does']): Step => ({ does, about: [ME], minute: n, pick: 0 });
    const steps = [of(1, 'mail'), of(2, 'comment'), of(3, 'mail'), of(4, 'reply'), of(5, 'delete'), of(6, 'mail')];
    const events = eventsOf(steps, tenantId);
    await append(events.slice(0, 3));
    const headers = { authorization: `Bearer ${await customerToken(tenantId)}`, orgid: tenantId, 'last-event-id': '0' };
    const ended = new AbortController();
    const stream = await fetch(`${url}/api/v1/timelines/contact/me/stream`, { headers, signal: ended.signal });
    if (!stream.body) throw new Error('the stream has no body');
    let text = '';
    for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
      const before = text;
      text += chunk;
      if (text.includes('mail 2') && !before.includes('mail 2')) await append(events.slice(3));
      if (text.includes('mail 5')) break;
    }
    ended.abort();
    expect(text.match(/mail \d/g)).toEqual(expect.arrayContaining(['mail 0', 'mail 2', 'mail 5']));
    expect(text).not.toContain(MARKER);
    expect(text).not.toContain('comment');
  });
});

/** Of the tree that Fastify prints of what it serves, documented or not. */
function routesOf(tree: string): { path: string; methods: string }[] {
  const parts: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods] = /^((?:[│ ] {3})*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    parts.splice(indent.length / 4, parts.length, part);
    return methods === undefined ? [] : [{ path: parts.join(''), methods }];
  });
}

describe('the routes', () => {
  it('hold none that edits an activity', async () => {
    const paths = await documented();
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/crm/activity/manage', '/api/v1/events/{id}/retract', '/api/v1/feed']));
    const fastify = app.getHttpAdapter().getInstance();
    const routes = routesOf(fastify.printRoutes({ commonPrefix: false }));
    const served = new Set(routes.map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}')));
    expect(Object.keys(paths).filter((path) => !served.has(path))).toEqual([]);
    const edits = routes.flatMap(({ path, methods }) => (/PUT|PATCH/.test(methods) ? [path] : []));
    // none of these is an activity
    expect(edits.sort()).toEqual([
      '/api/v1/feed/seen',
      '/api/v1/playbooks/:id',
      '/api/v1/rules/:id',
      '/api/v1/score-model',
      '/api/v1/sequences/:id',
      '/api/v1/timelines/:entityType/:entityId/seen',
    ]);
    const answer = await app.inject({ method: 'PUT', url: `/api/v1/events/${randomUUID()}`, payload: {} });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});
