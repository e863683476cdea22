import { eventually, type SpawnedApp } from '#libs/testing';
import { aTenant, note, Rig, type Sent } from './rig.js';

interface Notification {
  readonly id: string;
  readonly ruleId: string;
  readonly reason: string;
  readonly eventId: string;
  readonly summary: string | null;
  readonly deepLink: string;
  readonly position: number;
  readonly read: boolean;
  readonly retracted: boolean;
}
interface Notifications {
  readonly items: readonly Notification[];
  readonly unread: number;
}
interface Sending {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly tenantid: string;
  readonly data: {
    readonly recipient: string;
    readonly ruleId: string;
    readonly eventId: string;
    readonly summary: string | null;
    readonly link: string;
  };
}

/** Seed 002: "if email_opened on contact tagged 'vip', notify rep". */
const VIP_OPENED = {
  name: 'vip opened',
  on: ['email_opened'],
  if: { all: [{ field: 'contact.tags', op: 'includes', value: 'vip' }] },
  then: [{ notify: { user: 'rep-1' } }],
};
const EVERY_OPEN = { name: 'any open', on: ['email.opened'], then: [{ notify: { user: 'rep-1' } }] };

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
let sent = 0;

/** The flat form of hand-written producers, as seed 001 prints it. */
function flat(tenant: string, type: string, payload: object, more: object = {}): Sent {
  const topic = type.startsWith('email') ? 'crm.email' : 'crm.contact';
  const value = {
    event_id: `e-${sent++}`,
    tenant_id: tenant,
    type,
    occurred_at: minutesAgo(1),
    actor: 'system',
    contact_id: 'contact-abc',
    payload,
    ...more,
  };
  return { topic, key: tenant, value: JSON.stringify(value) };
}
/** Two minutes ago, before anything is opened. */
const tagged = (tenant: string, more?: object): Sent =>
  flat(tenant, 'contact_tagged', { tag: 'vip' }, { occurred_at: minutesAgo(2), ...more });
const untagged = (tenant: string, more?: object): Sent => flat(tenant, 'contact.untagged', { tag: 'vip' }, more);
const opened = (tenant: string, more?: object): Sent =>
  flat(tenant, 'email_opened', { message_id: 'msg_abc123', subject: 'Your quote' }, more);

describe('rules', () => {
  let rig: Rig;
  let query: SpawnedApp;
  let automation: SpawnedApp;
  beforeAll(async () => {
    rig = await Rig.open(2);
    await rig.ingest();
    query = await rig.query();
    automation = await rig.app('automation');
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  async function call<T>(tenant: string, method: string, path: string, body?: object, user = 'jane@example.com'): Promise<T> {
    const headers = { authorization: `Bearer ${await rig.staffToken(tenant, user)}`, ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(`${query.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
  const save = async (tenant: string, rule: object): Promise<string> =>
    (await call<{ id: string }>(tenant, 'POST', '/api/v1/rules', rule)).id;
  const told = (tenant: string, user = 'rep-1'): Promise<Notifications> =>
    call(tenant, 'GET', '/api/v1/notifications?limit=200', undefined, user);
  const outcomes = async (tenant: string, rule: string): Promise<string[]> =>
    (await call<{ items: { position: number; outcome: string }[] }>(tenant, 'GET', `/api/v1/rules/${rule}/effects`)).items.map(
      ({ position, outcome }) => `${position} ${outcome}`,
    );
  const evaluated = (tenant: string, position: number) =>
    eventually(
      async () => {
        const [row] = await rig.sql<{ position: string }>(
          "select position from annals.checkpoints where consumer = 'rules' and tenant_id = $1",
          [tenant],
        );
        return Number(row?.position) >= position;
      },
      { describe: `rules have been asked about ${position} events`, timeoutMs: 40_000 },
    );
  /** One after the other: topics are not ordered among each other. */
  async function happen(tenant: string, ...events: Sent[]): Promise<void> {
    for (const event of events) {
      const before = await rig.appended(tenant);
      await rig.publish([event]);
      await eventually(async () => (await rig.appended(tenant)) === before + 1, {
        describe: 'the event stands in the log',
        timeoutMs: 30_000,
      });
    }
    await evaluated(tenant, await rig.appended(tenant));
  }
  const sendings = async (tenant: string): Promise<Sending[]> =>
    (await rig.readAll('annals.notifications'))
      .map(({ value }) => JSON.parse(String(value)) as Sending)
      .filter(({ tenantid }) => tenantid === tenant);
  const relayed = (tenant: string) =>
    eventually(
      async () =>
        (await rig.sql('select from annals_app.notifications where tenant_id = $1 and relayed_at is null limit 1', [tenant])).length === 0,
      { describe: 'notifications are on the topic', timeoutMs: 30_000 },
    );

  test('if email_opened on contact tagged vip, notify rep: once, in the API and on the topic, redelivered or not', async () => {
    const tenant = aTenant();
    const rule = await save(tenant, VIP_OPENED);
    const open = opened(tenant);
    await happen(tenant, opened(tenant), tagged(tenant), open);
    await rig.publish([open, open]);
    await happen(tenant, note(tenant, 1));
    const { items, unread } = await told(tenant);
    expect(items).toEqual([
      expect.objectContaining({
        ruleId: rule,
        reason: 'vip opened',
        position: 3,
        summary: 'opened email “Your quote”',
        deepLink: 'email_thread/msg_abc123',
        read: false,
      }),
    ]);
    expect(unread).toBe(1);
    await relayed(tenant);
    const [sending, ...more] = await sendings(tenant);
    expect(more.filter(({ id }) => id !== sending?.id)).toEqual([]);
    expect(sending).toMatchObject({
      ...{ id: items[0]?.id, type: 'notification.created', subject: 'user/rep-1' },
      data: {
        recipient: 'rep-1',
        ruleId: rule,
        eventId: items[0]?.eventId,
        summary: 'opened email “Your quote”',
        link: 'email_thread/msg_abc123',
      },
    });
    expect((await told(tenant, 'rep-2')).items).toEqual([]);
  }, 60_000);

  test('tags count as they were when the event happened', async () => {
    const tenant = aTenant();
    const rule = await save(tenant, VIP_OPENED);
    const at = (minutes: number) => ({ occurred_at: minutesAgo(minutes) });
    await happen(
      tenant,
      opened(tenant, at(50)), // 1: the tag happened before it, but is told of after it
      tagged(tenant, at(55)),
      opened(tenant, at(49)), // 3
      opened(tenant, at(56)), // 4: before the tag
      untagged(tenant, at(40)),
      opened(tenant, at(30)), // 6: without the tag
      opened(tenant, at(45)), // 7: when it still had it
    );
    expect(await outcomes(tenant, rule)).toEqual(['7 fired', '3 fired']);
  }, 60_000);

  test('backfilled and old events are held, and the ledger says so', async () => {
    const tenant = aTenant();
    const rule = await save(tenant, { ...EVERY_OPEN, maxAgeHours: 4 });
    await happen(
      tenant,
      opened(tenant, { ingest_mode: 'backfill' }),
      opened(tenant, { occurred_at: minutesAgo(241) }),
      opened(tenant, { occurred_at: minutesAgo(239) }),
    );
    expect(await outcomes(tenant, rule)).toEqual(['3 fired', '2 too old', '1 held: backfill']);
    expect((await told(tenant)).items.map(({ position }) => position)).toEqual([3]);
  }, 60_000);

  test('evaluating everything again fires nothing again', async () => {
    const tenant = aTenant();
    const rule = await save(tenant, VIP_OPENED);
    await happen(tenant, tagged(tenant), opened(tenant), opened(tenant));
    const before = [await told(tenant), await outcomes(tenant, rule)];
    await rig.sql("update annals.checkpoints set position = 0 where consumer = 'rules' and tenant_id = $1", [tenant]);
    await rig.sql('delete from annals_app.tag_changes where tenant_id = $1', [tenant]);
    await evaluated(tenant, 3);
    expect([await told(tenant), await outcomes(tenant, rule)]).toEqual(before);
  }, 60_000);

  test('a rule applies from when it was saved until it was replaced or deleted', async () => {
    const tenant = aTenant();
    await happen(tenant, opened(tenant));
    const rule = await save(tenant, EVERY_OPEN);
    await happen(tenant, opened(tenant));
    await call(tenant, 'PUT', `/api/v1/rules/${rule}`, {
      ...EVERY_OPEN,
      name: 'of a machine',
      if: { field: 'payload.machine', op: 'eq', value: true },
    });
    await happen(tenant, opened(tenant), opened(tenant, { payload: { messageId: 'm', machine: true } }));
    await call(tenant, 'DELETE', `/api/v1/rules/${rule}`);
    await happen(tenant, opened(tenant, { payload: { messageId: 'm', machine: true } }));
    expect((await told(tenant)).items.map(({ position, reason }) => `${position} ${reason}`)).toEqual(['4 of a machine', '2 any open']);
  }, 60_000);

  test('a dry run shows what would have fired, and fires nothing', async () => {
    const tenant = aTenant();
    await happen(
      tenant,
      tagged(tenant),
      opened(tenant),
      opened(tenant, { contact_id: 'contact-other' }),
      opened(tenant, { ingest_mode: 'backfill' }),
    );
    const answer = await call(tenant, 'POST', '/api/v1/rules/dry-run', { rule: VIP_OPENED });
    expect(answer).toMatchObject({
      ...{ count: 1, counts: { fired: 1, heldBackfill: 1, tooOld: 0 }, scannedTo: 4, done: true },
      items: [
        { position: 2, outcome: 'fired', recipients: ['rep-1'], summary: 'opened email “Your quote”' },
        { position: 4, outcome: 'held: backfill' },
      ],
    });
    expect(await rig.sql('select from annals_app.effects where tenant_id = $1', [tenant])).toEqual([]);
    expect((await told(tenant)).items).toEqual([]);
  }, 60_000);

  test('whoever is mentioned in a comment is told, once each', async () => {
    const tenant = aTenant();
    const data = {
      entities: [
        { type: 'lead', id: 'lead-xyz' },
        { type: 'user', id: 'rep-1', role: 'mentioned' },
      ],
      payload: { commentId: 'c1', text: 'Procurement asked about SOC2', mentions: ['rep-1', 'user-jane'] },
    };
    const attributes = { specversion: '1.0', id: 'comment-1', source: '/tests', type: 'comment.added', tenantid: tenant };
    const value = JSON.stringify({ ...attributes, actortype: 'human', actorid: 'jane@example.com', subject: 'lead/lead-xyz', data });
    const comment = { topic: 'crm.comment', key: tenant, headers: { 'content-type': 'application/cloudevents+json' }, value };
    await happen(tenant, comment);
    for (const user of ['rep-1', 'user-jane']) {
      expect((await told(tenant, user)).items).toMatchObject([{ ruleId: 'mention', summary: 'commented: Procurement asked about SOC2' }]);
    }
    expect((await told(tenant, 'jane@example.com')).items).toEqual([]);
  }, 60_000);

  test('killed at any moment and started again, it misses nothing and tells nobody twice', async () => {
    const tenant = aTenant();
    const count = 3_000;
    await save(tenant, VIP_OPENED);
    await happen(tenant, tagged(tenant));
    await rig.publish(Array.from({ length: count }, () => opened(tenant)));
    const fired = async (): Promise<number> =>
      Number((await rig.sql<{ count: string }>('select count(*) from annals_app.effects where tenant_id = $1', [tenant]))[0]?.count);
    for (const share of [0, Math.random() * 0.5, 0.5 + Math.random() * 0.4]) {
      await eventually(async () => (await fired()) >= share * count, {
        describe: 'some of them have fired',
        timeoutMs: 40_000,
        everyMs: 5,
      });
      automation.kill('SIGKILL');
      await automation.exit;
      automation = await rig.app('automation');
    }
    await evaluated(tenant, count + 1);
    await relayed(tenant);
    const [counted] = await rig.sql(
      'select count(*)::int as told, count(distinct event_id)::int as events from annals_app.notifications where tenant_id = $1',
      [tenant],
    );
    expect(counted).toEqual({ told: count, events: count });
    const ids = (await sendings(tenant)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(count);
  }, 120_000);
});
