import { randomUUID } from 'node:crypto';
import { eventDefinition } from '#libs/contracts';
import { aDraft, EventStream, eventually, structured, type EventDraft, type SpawnedApp } from '#libs/testing';
import { mintToken } from '#libs/service';
import { aTenant, note, notes, Rig, type Sent } from './rig.js';

interface Item {
  readonly id: string;
  readonly position?: number;
  readonly sourceId?: string;
  readonly type: string;
  readonly summary: string;
}

const JWT_SECRET = 'a secret of the tests, long enough for HS256';
const FAST = { STREAM_HEARTBEAT_SECONDS: '1', STREAM_STALL_SECONDS: '1', STREAM_BUFFER_BYTES: '65536' };

describe('the live feed', () => {
  let rig: Rig;
  let query: SpawnedApp;
  const open: EventStream[] = [];
  beforeAll(async () => {
    rig = await Rig.open(2);
    await rig.ingest();
    query = await rig.query(FAST);
  }, 60_000);
  afterAll(async () => {
    for (const stream of open) stream.close();
    await rig.close();
  }, 60_000);

  async function stream(
    tenant: string,
    path = 'feed/stream',
    more: Readonly<Record<string, string>> = {},
    app = query,
  ): Promise<EventStream> {
    const authorization = `Bearer ${await rig.staffToken(tenant)}`;
    const opened = await EventStream.open(`${app.url}/api/v1/${path}`, { authorization, ...more });
    open.push(opened);
    return opened;
  }
  const holds = (watched: EventStream, count: number) =>
    eventually(() => watched.ids().length >= count, { describe: `${count} entries are streamed`, timeoutMs: 30_000 });
  const appended = (tenant: string, count: number) =>
    eventually(async () => (await rig.appended(tenant)) === count, { describe: `${count} events stand in the log`, timeoutMs: 30_000 });
  const positions = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

  test('shows what is published as the list prints it, from the moment of connecting on', async () => {
    const tenant = aTenant();
    await rig.publish(notes(tenant, 3));
    await appended(tenant, 3);
    const watched = await stream(tenant);
    expect([watched.status, watched.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(watched.headers).toMatchObject({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
    await eventually(() => watched.lastEventId === '3', { describe: 'it knows where it began' });
    await rig.publish([...notes(tenant, 2, 3), note(aTenant(), 1)]);
    await holds(watched, 2);
    const listed = await fetch(`${query.url}/api/v1/feed?limit=2`, {
      headers: { authorization: `Bearer ${await rig.staffToken(tenant)}` },
    });
    const { items } = (await listed.json()) as { items: Item[] };
    expect(watched.items<Item>()).toEqual(items.toReversed());
    expect(watched.ids()).toEqual(['4', '5']);
    await eventually(() => watched.comments > 0, { describe: 'a heartbeat' });
  }, 60_000);

  test('goes on from any earlier id, on another instance and from the beginning, nothing lost and nothing twice', async () => {
    const tenant = aTenant();
    const other = await rig.query(FAST);
    await rig.publish(notes(tenant, 1_500));
    const first = await stream(tenant, 'feed/stream', { 'last-event-id': '0' }, other);
    await holds(first, 700);
    other.kill('SIGKILL');
    await eventually(() => first.ended, { describe: 'the stream is cut off' });
    await rig.publish(notes(tenant, 500, 1_500));
    const second = await stream(tenant, 'feed/stream', { 'last-event-id': first.lastEventId });
    await rig.publish(notes(tenant, 500, 2_000));
    await holds(second, 2_500 - first.ids().length);
    expect([...first.ids(), ...second.ids()]).toEqual(positions(1, 2_500));
    const again = await stream(tenant, 'feed/stream?lastEventId=0&type=note_added');
    await holds(again, 2_500);
    expect(again.ids()).toEqual(positions(1, 2_500));
    const sources = again.items<Item>().map(({ sourceId }) => sourceId);
    expect(new Set(sources).size).toBe(2_500);
  }, 90_000);

  test('keeps to one timeline and its filters, and follows contacts that are merged', async () => {
    const tenant = aTenant();
    const watched = await stream(tenant, 'timelines/contact/contact-1/stream?type=note_added');
    await rig.publish([note(tenant, 1, 'contact-2'), note(tenant, 2, 'contact-1')]);
    await holds(watched, 1);
    await rig.publish([merge(tenant, 'contact-2', 'contact-1')]);
    await appended(tenant, 3);
    await rig.publish([note(tenant, 3, 'contact-2'), note(tenant, 4, 'contact-3'), note(tenant, 5, 'contact-1')]);
    await holds(watched, 3);
    expect(
      watched
        .items<Item>()
        .map(({ sourceId }) => sourceId)
        .sort(),
    ).toEqual(['note-2', 'note-3', 'note-5']);
  }, 60_000);

  test('tells staff of a retraction, and brings what was taken away to nobody who comes later, but to those who ask for it', async () => {
    const tenant = aTenant();
    const watched = await stream(tenant);
    await rig.publish([note(tenant, 1)]);
    await holds(watched, 1);
    const [target] = watched.items<Item>();
    const retraction = aDraft({
      tenantId: tenant,
      type: 'activity.retracted',
      payload: { targetEventId: target?.id, reason: 'wrong contact' },
    });
    await rig.publish([sentOf(retraction)]);
    await holds(watched, 2);
    expect(watched.items<Item>().map(({ type }) => type)).toEqual(['note.added', 'activity.retracted']);
    const later = await stream(tenant, 'feed/stream?lastEventId=0');
    const all = await stream(tenant, 'feed/stream?lastEventId=0&includeRetracted=true');
    await holds(all, 2);
    await holds(later, 1);
    expect([later.ids(), all.ids()]).toEqual([['2'], ['1', '2']]);
  }, 60_000);

  test('shows a customer its own entries, by ids that say nothing, and never what staff wrote', async () => {
    const tenant = aTenant();
    const planted = `planted-${randomUUID()}`;
    const contact = [{ type: 'contact', id: 'contact-1' }];
    const comment = () =>
      aDraft({ tenantId: tenant, type: 'comment.added', entities: contact, payload: { commentId: randomUUID(), text: planted } });
    const mail = (id: string) =>
      aDraft({
        tenantId: tenant,
        type: 'email.sent',
        entities: [{ type: 'contact', id }],
        payload: { emailSubject: 'Hello', messageId: randomUUID() },
      });
    const token = await rig.customerToken(tenant, 'contact/contact-1');
    const as = (more: Readonly<Record<string, string>> = {}) =>
      stream(tenant, 'timelines/contact/contact-1/stream', { authorization: `Bearer ${token}`, ...more });
    const live = await as();
    await rig.publish([sentOf(comment()), sentOf(mail('contact-1')), sentOf(mail('contact-2')), { ...note(tenant, 1, 'contact-1') }]);
    await holds(live, 1);
    await rig.publish([sentOf(mail('contact-1')), sentOf(comment())]);
    await holds(live, 2);
    const whole = await as({ 'last-event-id': '0' });
    await holds(whole, 2);
    const resumed = await as({ 'last-event-id': whole.ids()[0] ?? '' });
    await holds(resumed, 1);
    await appended(tenant, 6);
    for (const watched of [live, whole, resumed]) {
      const text = JSON.stringify(watched.events);
      expect(text).not.toContain(planted);
      expect(text).not.toContain('position');
      expect(watched.ids().every((id) => id.length > 40)).toBe(true);
    }
    expect(live.items()).toEqual(whole.items());
    // a heartbeat whose id stood still would tell that nobody's entry came meanwhile
    const beats = live.comments;
    await eventually(() => live.comments >= beats + 2, { describe: 'heartbeats' });
    const idle = live.lastEventId;
    await eventually(() => live.comments >= beats + 3, { describe: 'one more' });
    expect(live.lastEventId).not.toBe(idle);
    expect(resumed.items()).toEqual(whole.items().slice(1));
    const refused = await Promise.all([
      as({ 'last-event-id': '1' }),
      stream(tenant, 'feed/stream', { authorization: `Bearer ${token}` }),
      stream(tenant, 'timelines/contact/contact-2/stream', { authorization: `Bearer ${token}` }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([400, 403, 404]);
  }, 60_000);

  test('ends for a client that does not read, with a hint, and goes on where that left off', async () => {
    const tenant = aTenant();
    const watched = await stream(tenant);
    await eventually(() => watched.lastEventId !== '', { describe: 'it is open' });
    watched.pause();
    const text = 'x'.repeat(50_000);
    const large = (n: number): Sent => {
      const draft = aDraft({ tenantId: tenant, id: `large-${n}`, payload: { text: `note ${n}`, transcript: text } });
      return sentOf(draft);
    };
    for (let n = 0; n < 400; n += 10) await rig.publish(Array.from({ length: 10 }, (_, i) => large(n + i)));
    await appended(tenant, 400);
    await eventually(async () => (await metrics()).includes('annals_stream_closed_total{reason="slow",app="query"}'), {
      describe: 'it is ended',
    });
    watched.resume();
    await eventually(() => watched.ended, { describe: 'the connection has ended' });
    expect(watched.reconnect === undefined || JSON.stringify(watched.reconnect) === '{"reason":"slow"}').toBe(true);
    const count = watched.ids().length;
    expect(count).toBeLessThan(400);
    const resumed = await stream(tenant, 'feed/stream', { 'last-event-id': watched.lastEventId });
    await holds(resumed, 400 - count);
    expect([...watched.ids(), ...resumed.ids()]).toEqual(positions(1, 400));
  }, 90_000);

  test('ends when the token does, and says so', async () => {
    const tenant = aTenant();
    const token = await mintToken({ secret: JWT_SECRET, tenants: [tenant], user: 'jane@example.com', ttlSeconds: 2 });
    const watched = await stream(tenant, 'feed/stream', { authorization: `Bearer ${token}` });
    await eventually(() => watched.ended, { describe: 'the stream has ended', timeoutMs: 6_000 });
    expect(watched.reconnect).toEqual({ reason: 'expired' });
  }, 30_000);

  test('opens with a ticket, once, on any instance, and no ticket is ever logged', async () => {
    const tenant = aTenant();
    const other = await rig.query(FAST);
    const headers = { authorization: `Bearer ${await rig.staffToken(tenant)}` };
    const issued = await fetch(`${query.url}/api/v1/feed/tickets`, { method: 'POST', headers });
    expect(issued.status).toBe(201);
    const { ticket, expiresAt } = (await issued.json()) as { ticket: string; expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(30_000);
    const use = async (app: SpawnedApp, path = 'feed/stream') => {
      const opened = await EventStream.open(`${app.url}/api/v1/${path}?ticket=${ticket}`);
      open.push(opened);
      return opened;
    };
    const watched = await use(other);
    expect(watched.status).toBe(200);
    await rig.publish([note(tenant, 1)]);
    await holds(watched, 1);
    expect([(await use(query)).status, (await use(other)).status]).toEqual([401, 401]);
    const [row] = await rig.sql<{ count: string }>('select count(*) from annals_app.tickets');
    expect(row?.count).toBe('0');
    expect(query.logs() + other.logs()).not.toContain(ticket);
  }, 60_000);

  test('lets one in of all who come with the same ticket at the same moment', async () => {
    const tenant = aTenant();
    const headers = { authorization: `Bearer ${await rig.staffToken(tenant)}` };
    const issued = await fetch(`${query.url}/api/v1/feed/tickets`, { method: 'POST', headers });
    const { ticket } = (await issued.json()) as { ticket: string };
    const opened = await Promise.all(Array.from({ length: 8 }, () => EventStream.open(`${query.url}/api/v1/feed/stream?ticket=${ticket}`)));
    open.push(...opened);
    expect(opened.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(401)]);
  }, 30_000);

  test('ends within a second when the instance is asked to leave, and says so', async () => {
    const tenant = aTenant();
    const leaving = await rig.query(FAST);
    const watched = await stream(tenant, 'feed/stream', {}, leaving);
    await eventually(() => watched.lastEventId !== '', { describe: 'it is open' });
    const began = Date.now();
    leaving.kill('SIGTERM');
    await eventually(() => watched.ended, { describe: 'the stream has ended' });
    expect(Date.now() - began).toBeLessThan(1_000);
    expect(watched.reconnect).toEqual({ reason: 'stopping' });
    expect((await leaving.exit).code).toBe(0);
  }, 30_000);

  test('refuses before the first byte with a problem document', async () => {
    const tenant = aTenant();
    const full = await rig.query({ ...FAST, STREAM_MAX_CLIENTS: '0' });
    const refused = await Promise.all([
      stream(tenant, 'feed/stream', { 'last-event-id': 'yesterday' }),
      ...['1', '-1', '1.5', '0x1', '1, 1', '1e3', '9223372036854775808', '9'.repeat(4_000)].map((id) =>
        stream(tenant, 'feed/stream', { 'last-event-id': id }),
      ),
      stream(tenant, 'feed/stream?lastEventId=0&lastEventId=0'),
      stream(tenant, 'feed/stream?limit=5'),
      stream(tenant, 'feed/stream', { authorization: 'Bearer rubbish' }),
      stream(tenant, 'feed/stream?ticket=rubbish'),
      stream(tenant, 'feed/stream?type=nonsense'),
      stream(tenant, 'feed/stream', {}, full),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([...Array<number>(11).fill(400), 401, 401, 422, 503]);
    expect(new Set(refused.map(({ headers }) => headers['content-type']))).toEqual(new Set(['application/problem+json; charset=utf-8']));
    expect(refused.at(-1)?.headers['retry-after']).toBe('2');
    const head = await fetch(`${query.url}/api/v1/feed/stream`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${await rig.staffToken(tenant)}` },
    });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  }, 60_000);

  const metrics = async (): Promise<string> => (await fetch(`${query.url}/metrics`)).text();
  const merge = (tenantId: string, from: string, into: string): Sent => {
    const entities = [
      { type: 'contact', id: into },
      { type: 'contact', id: from, role: 'merged' },
    ];
    const draft = aDraft({ tenantId, type: 'contact.merged', entities, payload: { fromContactId: from, intoContactId: into } });
    return sentOf(draft);
  };
});

function sentOf(draft: EventDraft): Sent {
  const { value, headers } = structured(draft);
  return { topic: eventDefinition(draft.type)?.topic ?? '', key: draft.tenantId, value: value && Buffer.from(value), headers };
}
