import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EVENT_DEFINITIONS, type ActivityEvent } from '#libs/contracts';
import { createLogger, mintToken, parseConfig, Shutdown, type TokenHolder } from '#libs/service';
import { connectionFor, openIngestStore, prepareEvent, type IngestStore } from '#libs/store';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type EventDraft, type FreshDatabase } from '#libs/testing';
import { queryConfig } from './config.js';
import { createApp } from './create-app.js';
import { openParts } from './open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const logger = createLogger({ app: 'query', level: 'silent' });

let database: FreshDatabase;
let log: IngestStore;
let app: NestFastifyApplication;
let appended = 0n;
const shutdown = new Shutdown({ logger, exit: () => undefined });

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
    offset: appended + BigInt(i),
    outcome: 'event' as const,
    prepared: prepareEvent(event),
    raw,
  }));
  const slice = {
    topicId: 't',
    topic: 'crm.test',
    partition: 0,
    fetchOffset: appended,
    nextOffset: appended + BigInt(events.length),
    records,
  };
  appended = slice.nextOffset;
  const outcome = await log.append({ clusterId: 'c', slices: [slice] });
  expect(outcome).toMatchObject({ outcome: 'committed', appended: events.length });
}

interface Item {
  readonly id: string;
  readonly position: number;
  readonly type: string;
  readonly summary: string;
  readonly [member: string]: unknown;
}
interface Body {
  readonly items: Item[];
  readonly next: string | null;
  readonly pin: number;
  readonly newer: number;
  readonly [member: string]: unknown;
}

async function get(url: string, as: TokenHolder = { user: 'jane' }, tenant = TENANT) {
  const authorization = `Bearer ${await mintToken({ secret, tenants: [tenant], ...as })}`;
  const response = await app.inject({ url, headers: { authorization, orgid: tenant } });
  return { status: response.statusCode, text: response.body, body: response.json<Body>() };
}

/** Every page, by cursor. */
async function walk(url: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: string | null = ''; next !== null;) {
    const { body }: { body: Body } = await get(`${url}${next === '' ? '' : `&cursor=${next}`}`);
    items.push(...body.items);
    next = body.next;
  }
  return items;
}

const contact = (id: string, wanted: Partial<EventDraft> = {}) => anEvent({ entities: [{ type: 'contact', id }], ...wanted });
const minute = (n: number) => new Date(Date.UTC(2026, 0, 15, 9, n)).toISOString();

describe('a timeline', () => {
  beforeAll(() =>
    append(...Array.from({ length: 120 }, (_, n) => contact('busy', { time: minute(n % 7), payload: { text: `note ${n}` } }))),
  );

  it('is read whole, newest first and ties in log order, whatever the size of its pages', async () => {
    const whole = (await get('/api/v1/timelines/contact/busy?limit=200')).body.items;
    expect(whole).toHaveLength(120);
    const keys = whole.map((item) => `${String(item['occurredAt'])} ${String(item.position).padStart(9, '0')}`);
    expect(keys).toEqual(keys.toSorted().reverse());
    for (const limit of [1, 7, 50]) expect(await walk(`/api/v1/timelines/contact/busy?limit=${limit}`)).toEqual(whole);
  });

  it('has the same pages by number as by cursor, and a total', async () => {
    const url = '/api/crm/activity/by-customer/contact/busy?pageSize=50';
    const pages = await Promise.all([1, 2, 3, 4].map(async (page) => (await get(`${url}&page=${page}`)).body));
    expect(pages.flatMap((page) => page.items)).toEqual(await walk(url));
    expect(pages.map((page) => [page['page'], page['pageSize'], page['total'], page.items.length])).toEqual([
      [1, 50, 120, 50],
      [2, 50, 120, 50],
      [3, 50, 120, 20],
      [4, 50, 120, 0],
    ]);
  });

  it('does not shift under a reader: what came later is counted, not shown', async () => {
    const first = (await get('/api/v1/timelines/contact/busy?limit=10')).body;
    const second = (await get(`/api/v1/timelines/contact/busy?limit=10&cursor=${first.next}`)).body;
    await append(contact('busy', { time: minute(60) }), contact('busy', { time: minute(0) }));
    const again = (await get(`/api/v1/timelines/contact/busy?limit=10&pin=${first.pin}`)).body;
    expect(again).toMatchObject({ items: first.items, pin: first.pin, newer: 2 });
    const secondAgain = (await get(`/api/v1/timelines/contact/busy?limit=10&cursor=${first.next}`)).body;
    expect(secondAgain).toMatchObject({ items: second.items, newer: 2 });
    expect((await get('/api/v1/timelines/contact/busy?limit=1')).body.items[0]?.['occurredAt']).toBe('2026-01-15T10:00:00.000000Z');
  });

  it('is empty for a record nobody has written about', async () => {
    expect((await get('/api/v1/timelines/contact/nobody')).body).toMatchObject({ items: [], next: null, newer: 0 });
  });
});

describe('filters', () => {
  beforeAll(() =>
    append(
      contact('mixed', { type: 'email_sent', time: minute(1), actor: { type: 'human', id: 'jane' } }),
      contact('mixed', { type: 'email.opened', time: minute(2), actor: { type: 'system', id: 'pixel' } }),
      contact('mixed', { type: 'email.sent', time: minute(3), actor: { type: 'agent', id: 'jane' } }),
      contact('mixed', { type: 'note', time: minute(4), actor: { type: 'human', id: 'jane' } }),
    ),
  );
  it.each([
    ['type=email_sent', ['email.sent', 'email.sent']],
    ['type=note,email.opened', ['note.added', 'email.opened']],
    ['tab=email', ['email.sent', 'email.opened', 'email.sent']],
    ['tab=notes&type=email.sent', []],
    ['actor=jane', ['note.added', 'email.sent', 'email.sent']],
    ['actor=human/jane', ['note.added', 'email.sent']],
    [`from=${minute(2)}&to=${minute(4)}`, ['email.sent', 'email.opened']],
    [`tab=email&actor=human/jane&from=${minute(0)}`, ['email.sent']],
  ])('given %s, show what matches all of them', async (filter, types) => {
    expect((await get(`/api/v1/timelines/contact/mixed?${filter}`)).body.items.map((item) => item.type)).toEqual(types);
  });
});

describe('every type of the catalogue', () => {
  // those that take nothing away
  const examples = EVENT_DEFINITIONS.filter(({ effect, type }) => effect === undefined || type === 'account.parent_changed');
  beforeAll(() => append(...examples.map(({ type, activityName }) => anEvent({ type: activityName, id: `example of ${type}` }))));

  it('is read back under both its names, with its sentence, icon, tabs and link', async () => {
    const items = await walk('/api/v1/feed?limit=200');
    for (const {
      type,
      activityName,
      icon,
      tabs,
      examples: [example],
    } of examples) {
      const item = items.find(({ sourceId }) => sourceId === `example of ${type}`);
      expect(item).toMatchObject({ type, sourceType: activityName, icon, tabs, payload: example?.payload });
      const primary = example?.entities[0];
      const pivot = ['contact', 'lead', 'merchant', 'account'].includes(primary?.type ?? '') ? 'by-customer' : 'by-resource';
      if (primary === undefined || primary.type === 'user') continue;
      const url = `/api/crm/activity/${pivot}/${primary.type}/${encodeURIComponent(primary.id)}?pageSize=200`;
      const activity = (await get(url)).body.items.find(({ id }) => id === item?.id);
      expect(activity).toMatchObject({
        type: activityName,
        summary: item?.summary,
        datatype: primary.type,
        ownerId: primary.id,
        metadata: example?.payload,
      });
    }
  });

  it('opens in the side panel with its template', async () => {
    const [item] = (await get('/api/v1/feed?type=deal.stage_changed&limit=1')).body.items;
    const { body } = await get(`/api/v1/events/${item?.id}`);
    expect(body).toMatchObject({
      ...item,
      summaryKey: 'deal.stage_changed@1',
      ingestMode: 'live',
      timeQuality: 'producer',
      retractedAtPosition: null,
    });
  });
});

describe('an actor', () => {
  it('may be a person or an agent, and need not belong to the tenant', async () => {
    const actors = [
      { type: 'human', id: 'jane@example.com' },
      { type: 'agent', id: 'follow-up drafter', onBehalfOf: 'jane@example.com' },
      // of the team that runs the service
      { type: 'human', id: 'sam@dm-team.example.com' },
    ] as const;
    await append(...actors.map((actor, i) => contact('noted', { actor, time: minute(i) })));
    expect((await get('/api/v1/timelines/contact/noted')).body.items.map((item) => item['actor'])).toEqual(actors.toReversed());
    expect((await get('/api/v1/timelines/contact/noted?actor=human/sam@dm-team.example.com')).body.items).toHaveLength(1);
  });
});

describe('the feed of customers', () => {
  it('holds what refers to a contact, lead or merchant, or of those to one kind', async () => {
    const all = (await get('/api/crm/activity/by-customer?pageSize=200')).body.items;
    const kinds = new Set(all.map((item) => item['datatype']));
    expect([...kinds].sort()).toEqual(['contact', 'lead']);
    const leads = (await get('/api/crm/activity/by-customer/lead?pageSize=200')).body;
    expect(leads.items.length).toBeGreaterThan(0);
    expect(leads.items.every((item) => item['datatype'] === 'lead')).toBe(true);
    expect(await walk('/api/crm/activity/by-customer/lead?pageSize=3')).toEqual(leads.items);
  });
});

describe('a retracted entry', () => {
  it('leaves the timeline, and staff may still see it', async () => {
    await append(contact('sorry', { id: 'wrong' }), contact('sorry', { id: 'right' }));
    const wrong = (await get('/api/v1/timelines/contact/sorry')).body.items.find((item) => item['sourceId'] === 'wrong');
    const before = (await get('/api/v1/timelines/contact/sorry')).body.pin;
    await append(contact('sorry', { type: 'activity.retracted', payload: { targetEventId: wrong?.id } }));
    const seen = async (query: string) =>
      (await get(`/api/v1/timelines/contact/sorry?type=note.added${query}`)).body.items.map((i) => [i['sourceId'], i['retracted']]);
    expect(await seen('')).toEqual([['right', undefined]]);
    expect(await seen('&includeRetracted=true')).toEqual([
      ['right', undefined],
      ['wrong', true],
    ]);
    expect(await seen(`&pin=${before}`)).toEqual([
      ['right', undefined],
      ['wrong', undefined],
    ]);
    expect((await get(`/api/v1/events/${wrong?.id}`)).body).toMatchObject({ retracted: true, retractedAtPosition: before + 1 });
  });
});

describe('another tenant', () => {
  it('is as good as unknown: its records, its events, its filters', async () => {
    await append(anEvent({ tenantId: OTHER_TENANT, id: 'theirs', entities: [{ type: 'contact', id: 'busy' }] }));
    const theirs = (await get('/api/v1/feed', { user: 'bob' }, OTHER_TENANT)).body.items;
    expect(theirs.map((item) => item['sourceId'])).toEqual(['theirs']);
    const known = await get(`/api/v1/events/${theirs[0]?.id}`);
    const unknown = await get('/api/v1/events/00000000-0000-4000-8000-000000000000');
    expect([known.status, known.text]).toEqual([404, unknown.text]);
    expect((await walk('/api/v1/feed?limit=200')).some((item) => item['sourceId'] === 'theirs')).toBe(false);
  });
});

describe('a customer', () => {
  const as = { customer: 'contact/guest' };
  beforeAll(() =>
    append(
      contact('guest', { id: 'g1', type: 'note.added', payload: { text: 'a difficult one' }, time: minute(1) }),
      contact('guest', {
        id: 'g2',
        type: 'email.sent',
        payload: { messageId: 'm', emailSubject: 'Hi', from: 'jane@example.com' },
        time: minute(2),
      }),
      anEvent({
        id: 'g3',
        type: 'order.placed',
        entities: [
          { type: 'order', id: 'o-77' },
          { type: 'contact', id: 'guest' },
          { type: 'account', id: 'acc-9' },
        ],
        time: minute(3),
      }),
      contact('guest', { id: 'g4', type: 'comment.added', payload: { commentId: 'k', text: 'internal' }, time: minute(4) }),
    ),
  );

  it('sees the types meant for customers, and counts of those alone', async () => {
    const { body, text } = await get('/api/crm/activity/by-customer/contact/guest', as);
    expect(body.items.map((item) => item.type)).toEqual(['order_placed', 'email_sent']);
    expect(body).toMatchObject({ total: 2, page: 1 });
    expect(typeof body.pin).toBe('string');
    for (const hidden of ['difficult', 'internal', 'acc-9', 'jane', 'position', 'o-77']) expect(text).not.toContain(hidden);
    expect((await get('/api/v1/timelines/contact/guest?type=note.added', as)).body.items).toEqual([]);
  });

  it('walks its pages by cursor', async () => {
    const first = (await get('/api/v1/timelines/contact/guest?limit=1', as)).body;
    const second = (await get(`/api/v1/timelines/contact/guest?limit=1&cursor=${first.next}`, as)).body;
    expect([first, second].map((page) => page.items[0]?.type)).toEqual(['order.placed', 'email.sent']);
    expect(second.next).toBeNull();
  });

  it('opens its own events, and of the rest not even that they exist', async () => {
    const ids = new Map((await get('/api/v1/timelines/contact/guest')).body.items.map((item) => [item['sourceId'], item.id]));
    expect((await get(`/api/v1/events/${ids.get('g3')}`, as)).body).toMatchObject({
      type: 'order.placed',
      entities: [{ type: 'contact', id: 'guest' }],
    });
    const [foreign] = (await get('/api/v1/timelines/contact/busy?limit=1')).body.items;
    const unknown = await get('/api/v1/events/00000000-0000-4000-8000-000000000000', as);
    for (const id of [ids.get('g1'), ids.get('g4'), foreign?.id]) {
      const hidden = await get(`/api/v1/events/${id}`, as);
      expect([hidden.status, hidden.text]).toEqual([404, unknown.text]);
    }
  });
});

describe('operation', () => {
  it('counts the connections to the database', async () => {
    expect((await app.inject('/metrics')).body).toMatch(/annals_pool_connections\{[^}]*pool="query",state="idle"[^}]*\} [1-9]/);
  });
});

describe('readiness', () => {
  it('speaks for the database', async () => {
    const response = await app.inject('/health/ready');
    expect([response.statusCode, response.json<Body>()['checks']]).toEqual([200, { database: { state: 'up' } }]);
  });
});
