import { randomUUID } from 'node:crypto';
import { eventually, type SpawnedApp } from '#libs/testing';
import { aTenant, Rig } from './rig.js';

/** As seed 002 prints it. */
const CALL = {
  type: 'call_logged',
  datatype: 'contact',
  ownerId: 'contact-abc',
  summary: '15min discovery call. Interested in enterprise plan.',
  durationSeconds: 900,
  metadata: { phone: '+15551234567', outcome: 'positive' },
};
/** As seed 002 prints it. */
const COMMENT = {
  datatype: 'lead',
  ownerId: 'lead-xyz',
  text: 'Procurement asked about SOC2 — need to send report.',
  mentions: ['user-jane'],
};
const MANAGE = '/api/crm/activity/manage';
const CONTACT = '/api/crm/activity/by-customer/contact/contact-abc?page=1&pageSize=50';

interface Answer {
  readonly status: number;
  readonly token: string | null;
  readonly location: string | null;
  readonly body: Record<string, unknown> & { readonly id: string; readonly token: string; readonly items: Record<string, unknown>[] };
}
interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly bearer?: string;
}

describe('entries by hand', () => {
  let rig: Rig;
  let ingest: SpawnedApp;
  let one: SpawnedApp;
  let two: SpawnedApp;
  beforeAll(async () => {
    rig = await Rig.open(2);
    [ingest, one, two] = await Promise.all([rig.ingest(), rig.query({ QUERY_WRITE_WAIT_MS: '15000' }), rig.query()]);
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  async function call(app: SpawnedApp, tenant: string, path: string, { method, headers, body, bearer }: Call = {}): Promise<Answer> {
    const answer = await fetch(app.url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { authorization: `Bearer ${bearer ?? (await rig.staffToken(tenant))}`, orgid: tenant, ...headers },
      // no content type is set: fetch then sends text as text/plain;charset=UTF-8, as seed 002's call does
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return {
      status: answer.status,
      token: answer.headers.get('position-token'),
      location: answer.headers.get('location'),
      body: (await answer.json()) as Answer['body'],
    };
  }
  const json = { 'content-type': 'application/json' };

  test("seed 002's logged call is taken verbatim, by whoever holds the token, and answered with the item", async () => {
    const tenant = aTenant();
    const written = await call(one, tenant, MANAGE, { body: CALL });
    expect(written).toMatchObject({
      status: 201,
      token: '1',
      location: `/api/v1/events/${written.body.id}`,
      body: {
        token: '1',
        position: 1,
        type: 'call_logged',
        source: '/annals/manage',
        actor: { type: 'human', id: 'jane@example.com' },
        entities: [{ type: 'contact', id: 'contact-abc' }],
        datatype: 'contact',
        ownerId: 'contact-abc',
        summary: '15min discovery call. Interested in enterprise plan.',
        metadata: { durationSeconds: 900, phone: '+15551234567', outcome: 'positive' },
      },
    });
    const { token: _, ...item } = written.body;
    expect((await call(two, tenant, CONTACT)).body.items).toEqual([item]);
    expect((await call(two, tenant, written.location ?? '')).body).toMatchObject({ id: item.id, type: 'call.completed' });
  }, 30_000);

  test('a meeting, a note and a pinned note are logged as well; what people do not log is not, and nothing of it is published', async () => {
    const tenant = aTenant();
    const of = (body: object) => call(one, tenant, MANAGE, { body: { datatype: 'contact', ownerId: 'contact-abc', ...body } });
    const meeting = await of({
      type: 'meeting',
      durationSeconds: 3600,
      metadata: { location: 'Their office' },
      occurredAt: '2026-01-05T14:30:00+02:00',
    });
    expect(meeting.body).toMatchObject({ type: 'meeting_logged', occurredAt: '2026-01-05T12:30:00.000000Z' });
    const note = await of({ type: 'note', summary: 'Prefers to be called after lunch.', entities: [{ type: 'account', id: 'acc-1' }] });
    expect(note.body).toMatchObject({ type: 'note', metadata: { text: 'Prefers to be called after lunch.' } });
    expect((await of({ type: 'note.added', text: 'On top.', pinned: true })).body).toMatchObject({
      metadata: { text: 'On top.', pinned: true },
    });
    const account = await call(one, tenant, '/api/v1/timelines/account/acc-1/notes', {
      body: { text: 'Renewal in March.' },
      headers: json,
    });
    expect(account).toMatchObject({ status: 201, body: { type: 'note.added', entities: [{ type: 'account', id: 'acc-1' }] } });
    const refusals = [
      await of({ type: 'call_loged' }),
      await of({ type: 'comment.added', text: 'x' }),
      await of({ type: 'activity.retracted', metadata: { targetEventId: meeting.body.id } }),
      await of({ type: 'call', durationSeconds: -1 }),
      await of({ type: 'note' }),
      await of({ type: 'call', occurredAt: 'yesterday' }),
    ];
    const told = refusals.map(({ status, body }) => [status, (body['errors'] as { field: string }[])[0]?.field]);
    expect(told).toEqual([
      [422, 'type'],
      [422, 'type'],
      [422, 'type'],
      [422, 'durationSeconds'],
      [422, 'text'],
      [422, 'occurredAt'],
    ]);
    expect(JSON.stringify(refusals[0]?.body)).toContain('call_logged');
    expect(await rig.appended(tenant)).toBe(4);
    expect(await rig.sql('select reason from annals.dead_letters where tenant_id = $1', [tenant])).toEqual([]);
  }, 30_000);

  test('text is taken for JSON on these paths only, and a body that is none is told so', async () => {
    const tenant = aTenant();
    expect(await call(one, tenant, '/api/v1/timelines/account/acc-1/notes', { body: { text: 'x' } })).toMatchObject({ status: 201 });
    expect(await call(one, tenant, '/api/v1/rules', { body: { name: 'x' } })).toMatchObject({
      status: 415,
      body: { errors: [{ field: 'content-type' }] },
    });
    for (const [body, status] of [
      ['{"type":', 400],
      ['[]', 400],
      ['', 400],
      [`{"text":"${'x'.repeat(1_100_000)}"}`, 413],
    ] as const) {
      expect(await call(one, tenant, MANAGE, { body })).toMatchObject({ status, body: { errors: [{ field: 'body' }] } });
    }
    const deep = `${'{"metadata":'.repeat(5000)}1${'}'.repeat(5000)}`;
    expect(await call(one, tenant, MANAGE, { body: deep })).toMatchObject({ status: 400, body: { errors: [{ field: 'body' }] } });
  }, 30_000);

  test('whoever writes reads it on any instance, and learns how far the log is where it is not there yet', async () => {
    const tenant = aTenant();
    for (let n = 1; n <= 10; n++) {
      const { token } = await call(one, tenant, MANAGE, { body: { ...CALL, durationSeconds: n } });
      const { body } = await call(two, tenant, CONTACT, { headers: { 'position-token': String(token) } });
      expect(body.items).toHaveLength(n);
      expect((await call(two, tenant, `/api/v1/feed?token=${token}`)).body.items).toHaveLength(n);
    }
    const ahead = await call(two, tenant, '/api/v1/feed?token=15');
    expect(ahead).toMatchObject({ status: 409, body: { type: 'urn:annals:problem:not-yet-visible', asked: '15', head: '10', lag: '5' } });
    const foreign = await call(one, aTenant(), MANAGE, { body: CALL });
    const unknown = await call(two, tenant, `/api/v1/feed?token=${foreign.body.id}`);
    expect(unknown).toMatchObject({ status: 409, body: { head: '10', lag: null } });
    expect((await call(two, tenant, '/api/v1/feed?token=x')).status).toBe(400);
    const bearer = await rig.customerToken(tenant, 'contact/contact-abc');
    expect((await call(two, tenant, `${CONTACT}&token=1`, { bearer })).status).toBe(403);
  }, 60_000);

  test('a key makes a repeat harmless, also at the same moment on two instances, and belongs to one content', async () => {
    const tenant = aTenant();
    const headers = { 'idempotency-key': 'once' };
    const answers = await Promise.all([one, two, one, two, one].map((app) => call(app, tenant, MANAGE, { body: CALL, headers })));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const again = await call(two, tenant, MANAGE, { body: CALL, headers });
    expect([again.status, again.body]).toEqual([200, answers[0]?.body]);
    const other = await call(one, tenant, MANAGE, { body: { ...CALL, durationSeconds: 1 }, headers });
    expect(other).toMatchObject({
      status: 422,
      body: { type: 'urn:annals:problem:idempotency-conflict', errors: [{ field: 'Idempotency-Key' }] },
    });
    const bearer = await rig.staffToken(tenant, 'bo@example.com');
    expect((await call(one, tenant, MANAGE, { body: CALL, headers, bearer })).status).toBe(201);
    expect(await rig.appended(tenant)).toBe(2);
  }, 30_000);

  test('two contents race for one key: one stands, the other is told at once', async () => {
    const tenant = aTenant();
    const headers = { 'idempotency-key': 'race' };
    const began = Date.now();
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => call(one, tenant, MANAGE, { body: { ...CALL, durationSeconds: n }, headers })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422, 422, 422]);
    expect(Date.now() - began).toBeLessThan(14_000);
    expect(await rig.appended(tenant)).toBe(1);
  }, 30_000);

  test('comments are created, answered, read as threads and deleted under the paths of the seed', async () => {
    const tenant = aTenant();
    const path = '/api/crm/activity/comment';
    const first = await call(one, tenant, `${path}/create`, { body: COMMENT });
    expect(first).toMatchObject({
      status: 201,
      body: {
        type: 'comment_added',
        commentId: first.body.id,
        parentCommentId: null,
        text: COMMENT.text,
        mentions: ['user-jane'],
        entities: [
          { type: 'lead', id: 'lead-xyz' },
          { type: 'user', id: 'user-jane', role: 'mentioned' },
        ],
      },
    });
    const bearer = await rig.staffToken(tenant, 'bo@example.com');
    const reply = { datatype: 'lead', ownerId: 'lead-xyz', text: 'Sent this morning.', parentCommentId: first.body.id };
    const second = await call(two, tenant, `${path}/create`, { body: reply, bearer });
    const last = await call(two, tenant, `${path}/create`, { body: { datatype: 'lead', ownerId: 'lead-xyz', text: 'Another matter.' } });
    const elsewhere = await call(one, tenant, `${path}/create`, { body: { ...reply, ownerId: 'lead-other' } });
    expect(elsewhere).toMatchObject({ status: 422, body: { errors: [{ field: 'parentCommentId' }] } });
    const thread = async (query = '') => (await call(two, tenant, `${path}/get/lead/lead-xyz${query}`)).body;
    const texts = (items: Record<string, unknown>[]) => items.map(({ depth, text, deleted }) => [depth, text, deleted]);
    expect(texts((await thread()).items)).toEqual([
      [0, 'Another matter.', false],
      [0, COMMENT.text, false],
      [1, 'Sent this morning.', false],
    ]);
    const page = await thread('?limit=2');
    expect(texts((await thread(`?limit=2&cursor=${String(page['next'])}`)).items)).toEqual([[1, 'Sent this morning.', false]]);

    const remove = (id: string, method: string, as?: string) =>
      call(one, tenant, `${path}/delete/${id}`, { method, ...(as && { bearer: as }) });
    expect((await remove(first.body.id, 'DELETE', bearer)).status).toBe(403);
    expect((await remove(randomUUID(), 'DELETE')).status).toBe(404);
    expect((await call(one, aTenant(), `${path}/delete/${first.body.id}`, { method: 'POST' })).status).toBe(404);
    const removed = await remove(first.body.id, 'DELETE');
    expect(removed).toMatchObject({ status: 200, token: '4', body: { type: 'comment_deleted', metadata: { commentId: first.body.id } } });
    expect(await remove(first.body.id, 'POST')).toMatchObject({ status: 200, body: removed.body });
    expect((await remove(last.body.id, 'POST', await rig.staffToken(tenant, 'max@example.com', 'admin'))).status).toBe(200);
    const left = await thread();
    expect(texts(left.items)).toEqual([
      [0, null, true],
      [1, 'Sent this morning.', false],
    ]);
    expect(left['total']).toBe(1);
    expect(JSON.stringify(left)).not.toContain('SOC2');
    expect((await call(one, tenant, `${path}/create`, { body: reply })).status).toBe(422);
    const tab = (await call(two, tenant, '/api/v1/timelines/lead/lead-xyz?tab=comments')).body.items;
    expect(tab.map(({ type }) => type)).toEqual(['comment.deleted', 'comment.deleted', 'comment.added']);
    expect(second.body['actor']).toEqual({ type: 'human', id: 'bo@example.com' });
    const customer = await rig.customerToken(tenant, 'lead/lead-xyz');
    for (const forbidden of [`${path}/get/lead/lead-xyz`, `${path}/get/lead/no`]) {
      expect((await call(one, tenant, forbidden, { bearer: customer })).status).toBe(403);
    }
  }, 60_000);

  test('a wrong activity is retracted once, leaves every timeline and stays in the log', async () => {
    const tenant = aTenant();
    const wrong = await call(one, tenant, MANAGE, { body: CALL });
    const right = await call(one, tenant, MANAGE, { body: { ...CALL, summary: 'the right one' } });
    const path = `/api/v1/events/${wrong.body.id}/retract`;
    expect((await call(one, aTenant(), path, { method: 'POST' })).status).toBe(404);
    const customer = await rig.customerToken(tenant, 'contact/contact-abc');
    expect((await call(one, tenant, path, { method: 'POST', bearer: customer })).status).toBe(403);
    const taken = await call(one, tenant, path, { body: { reason: 'logged on the wrong contact' }, headers: json });
    expect(taken).toMatchObject({
      status: 201,
      token: '3',
      body: { type: 'activity.retracted', payload: { targetEventId: wrong.body.id, reason: 'logged on the wrong contact' } },
    });
    expect(await call(two, tenant, path, { method: 'POST' })).toMatchObject({ status: 200, body: taken.body });
    const headers = { 'position-token': String(taken.token) };
    const shown = await call(two, tenant, CONTACT, { headers });
    expect(shown.body.items.map(({ id }) => id)).toEqual([taken.body.id, right.body.id]);
    expect(shown.body['total']).toBe(2);
    const whole = (await call(two, tenant, `${CONTACT}&includeRetracted=true`)).body.items;
    expect(whole.find(({ id }) => id === wrong.body.id)).toMatchObject({ retracted: true });
    expect((await call(one, tenant, `/api/v1/events/${wrong.body.id}`)).body).toMatchObject({ retractedAtPosition: 3 });
    expect((await call(one, tenant, `/api/v1/events/${taken.body.id}/retract`, { method: 'POST' })).status).toBe(422);
    expect(await rig.appended(tenant)).toBe(3);
  }, 30_000);

  test('without Kafka nothing is written, and the answer says that a repeat is harmless', async () => {
    const tenant = aTenant();
    const alone = await rig.query({ KAFKA_BROKERS: '127.0.0.1:9', QUERY_WRITE_WAIT_MS: '500' });
    const refused = await call(alone, tenant, MANAGE, { body: CALL });
    expect(refused.status).toBe(503);
    expect(refused.body['detail']).toContain('a repeat is harmless');
    expect((await call(alone, tenant, '/api/v1/feed')).status).toBe(200);
    await alone.stop();
    expect(await rig.appended(tenant)).toBe(0);
  }, 30_000);

  test('while ingest stands still the answer is 202 with a token, and a read with it waits for the entry', async () => {
    const tenant = aTenant();
    const slow = await rig.query({ QUERY_WRITE_WAIT_MS: '300', QUERY_READ_WAIT_MS: '20000' });
    await ingest.stop();
    const pending = await call(slow, tenant, MANAGE, { body: CALL, headers: { 'idempotency-key': 'k' } });
    expect(pending).toMatchObject({ status: 202, token: pending.body.id, body: { token: pending.body.id } });
    expect(await call(two, tenant, `/api/v1/feed?token=${pending.token}`)).toMatchObject({
      status: 409,
      body: { asked: pending.token, head: '0' },
    });
    const waiting = call(slow, tenant, CONTACT, { headers: { 'position-token': String(pending.token) } });
    ingest = await rig.ingest();
    expect((await waiting).body.items).toMatchObject([{ id: pending.body.id, summary: CALL.summary }]);
    expect((await call(slow, tenant, MANAGE, { body: CALL, headers: { 'idempotency-key': 'k' } })).status).toBe(200);
    await eventually(async () => (await rig.appended(tenant)) === 1, { describe: 'it stands once' });
  }, 60_000);
});
