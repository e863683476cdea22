import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, type SpawnedApp } from '#libs/testing';
import { createTrackingLinks } from '#libs/tracking';
import { aTenant, Rig } from './rig.js';

const TRACKING_SECRET = 'a secret for links of at least thirty-two bytes';
const tenant = aTenant();
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

let rig: Rig;
let webhook: SpawnedApp;
let query: SpawnedApp;
let folder: string;
let token: string;

const endpoints = [
  { tenant, provider: 'sendgrid', publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') },
  { tenant, provider: 'mailgun', secrets: ['mailgun-key'] },
];
const configFile = (): string => join(folder, 'webhooks.json');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annals-webhook-'));
  await writeFile(configFile(), JSON.stringify(endpoints));
  rig = await Rig.open();
  await rig.ingest();
  [webhook, query] = await Promise.all([rig.app('email-webhook', { WEBHOOKS_CONFIG: configFile(), TRACKING_SECRET }), rig.query()]);
  token = await rig.staffToken(tenant);
}, 90_000);
afterAll(async () => {
  await rig?.close();
  await rm(folder, { recursive: true, force: true });
});

const seconds = (): string => String(Math.floor(Date.now() / 1000));

function sendgrid(events: readonly object[], to = tenant, url = webhook.url): Promise<Response> {
  const [body, timestamp] = [JSON.stringify(events), seconds()];
  const signature = createSign('sha256')
    .update(timestamp + body)
    .sign(privateKey, 'base64');
  const headers = { 'x-twilio-email-event-webhook-signature': signature, 'x-twilio-email-event-webhook-timestamp': timestamp };
  return fetch(`${url}/webhooks/sendgrid/${to}`, { method: 'POST', headers, body });
}

function mailgun(event: object, token: string, secret = 'mailgun-key'): Promise<Response> {
  const timestamp = seconds();
  const signature = createHmac('sha256', secret)
    .update(timestamp + token)
    .digest('hex');
  const body = JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event });
  return fetch(`${webhook.url}/webhooks/mailgun/${tenant}`, { method: 'POST', body });
}

interface Item {
  readonly type: string;
  readonly sourceId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
async function timeline(record: string): Promise<Item[]> {
  const response = await fetch(`${query.url}/api/v1/timelines/${record}`, { headers: { authorization: `Bearer ${token}` } });
  return ((await response.json()) as { items: Item[] }).items;
}
const untilShown = (record: string, ids: readonly string[]) =>
  eventually(async () => (await timeline(record)).map(({ sourceId }) => sourceId).join() === ids.join(), {
    describe: `${record} shows ${ids.join()}`,
    timeoutMs: 15_000,
  });

const opened = (id: string, own: object = {}) => ({
  email: 'sam@example.com',
  timestamp: 1767623393,
  event: 'open',
  sg_event_id: id,
  sg_message_id: 'msg-1.filter0001.16648.5515E0B88.0',
  ...own,
});

async function publishSent(messageId: string, contact: string): Promise<void> {
  const value = {
    ...{ specversion: '1.0', id: `sent-${messageId}`, source: '/producers/sequence-engine', type: 'email.sent', tenantid: tenant },
    ...{ subject: `contact/${contact}`, time: '2026-01-05T14:00:00Z', actortype: 'system', actorid: 'sequence-engine' },
    data: {
      entities: [
        { type: 'contact', id: contact },
        { type: 'account', id: 'acc-1' },
      ],
      payload: { messageId },
    },
  };
  await rig.publish([
    { topic: 'crm.email', headers: { 'content-type': 'application/cloudevents+json' }, key: tenant, value: JSON.stringify(value) },
  ]);
}

describe('a provider’s callback', () => {
  it('stands on the timeline that the sender’s metadata names, and a redelivery changes nothing', async () => {
    const event = opened('by-metadata', { annals: 'contact/contact-meta,account/acc-1', sg_machine_open: true });
    expect((await sendgrid([event])).status).toBe(200);
    await untilShown('contact/contact-meta', ['by-metadata']);
    expect((await sendgrid([event])).status).toBe(200);
    expect((await sendgrid([event, opened('by-metadata-2', { annals_contact: 'contact-meta', timestamp: 1767623394 })])).status).toBe(200);
    await untilShown('contact/contact-meta', ['by-metadata-2', 'by-metadata']);
    expect((await timeline('contact/contact-meta'))[1]?.payload).toMatchObject({ machine: true, messageId: 'msg-1' });
    expect(await rig.sql('select reason from annals.dead_letters where tenant_id = $1', [tenant])).toEqual([]);
  });

  it('stands on the timelines of the message that was sent, where the provider knows only its id', async () => {
    await publishSent('msg-2', 'contact-known');
    await eventually(async () => (await rig.sql('select from annals_app.mail_messages where message_id = $1', ['msg-2'])).length === 1, {
      describe: 'the webhook knows the message',
    });
    expect(await (await sendgrid([opened('by-message', { sg_message_id: 'msg-2.filter1.0' })])).json()).toEqual({
      events: 1,
      published: 1,
    });
    await untilShown('contact/contact-known', ['by-message', 'sent-msg-2']);
    await untilShown('email_thread/msg-2', ['by-message']);
  });

  it('waits on its thread until the sender’s event arrives, and then stands on its timelines once', async () => {
    const early = opened('early', { sg_message_id: 'msg-3.filter1.0' });
    expect(await (await sendgrid([early])).json()).toEqual({ events: 1, unmatched: 1 });
    await untilShown('email_thread/msg-3', ['early']);
    await publishSent('msg-3', 'contact-late');
    await untilShown('contact/contact-late', ['early/joined', 'sent-msg-3']);
    const onThread = async () => new Set((await timeline('email_thread/msg-3')).map(({ sourceId }) => sourceId));
    await eventually(async () => (await onThread()).has('early/joined') && !(await onThread()).has('early'), { describe: 'it has moved' });
    // it comes again, after it has joined
    expect(await (await sendgrid([early])).json()).toEqual({ events: 1, joined: 1 });
    const [dead] = await rig.sql<{ count: string }>('select count(*) from annals.dead_letters where tenant_id = $1', [tenant]);
    expect(dead?.count).toBe('0');
  });

  it('of what the catalogue has no type for is counted, and not lost with the others', async () => {
    const delivered = { ...opened('delivered'), event: 'delivered' };
    const answer = await sendgrid([delivered, opened('beside', { annals_contact: 'contact-beside' })]);
    expect(await answer.json()).toEqual({ events: 2, no_type: 1, published: 1 });
    await untilShown('contact/contact-beside', ['beside']);
    const metrics = await (await fetch(`${webhook.url}/metrics`)).text();
    expect(metrics).toMatch(/annals_webhook_events_total\{provider="sendgrid",name="delivered",outcome="no_type"[^}]*\} 1/);
  });
});

describe('a callback is refused', () => {
  it('with a wrong signature, for a tenant without endpoint, and for another provider', async () => {
    const unsigned = await fetch(`${webhook.url}/webhooks/sendgrid/${tenant}`, { method: 'POST', body: '[]' });
    expect([unsigned.status, unsigned.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8']);
    expect((await sendgrid([], aTenant())).status).toBe(401);
    expect((await mailgun({}, 'token', 'other-key')).status).toBe(401);
    expect((await fetch(`${webhook.url}/webhooks/other/${tenant}`, { method: 'POST', body: '[]' })).status).toBe(404);
  });

  it('when it cannot be read, and when it is too large', async () => {
    expect((await mailgun({ no: 'event' }, 'unreadable')).status).toBe(400);
    const large = await fetch(`${webhook.url}/webhooks/sendgrid/${tenant}`, { method: 'POST', body: Buffer.alloc(3_000_000) });
    expect(large.status).toBe(413);
  });

  it('when a token comes again with another body', async () => {
    const event = {
      id: 'mg-1',
      event: 'clicked',
      url: 'https://example.com/',
      timestamp: 1767623390,
      message: { headers: { 'message-id': 'mg' } },
    };
    const withRefs = { ...event, 'user-variables': { annals: 'lead/lead-xyz' } };
    expect((await mailgun(withRefs, 'token-1')).status).toBe(200);
    expect((await mailgun({ ...withRefs, id: 'mg-2' }, 'token-1')).status).toBe(401);
    await untilShown('lead/lead-xyz', ['mg-1']);
  });
});

describe('while Kafka is away', () => {
  it('a callback is answered 503 in time for the provider to send it again, and counts once it is kept', async () => {
    const stranded = await rig.app('email-webhook', { KAFKA_BROKERS: '127.0.0.1:9', WEBHOOKS_CONFIG: configFile() });
    const event = opened('away', { annals_contact: 'contact-away' });
    const began = Date.now();
    const refused = await sendgrid([event], tenant, stranded.url);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect((await sendgrid([event])).status).toBe(200);
    await untilShown('contact/contact-away', ['away']);
  });
});

describe('the endpoints', () => {
  it('are read again when their file changes, and stay as they are when it is not valid', async () => {
    const other = aTenant();
    expect((await sendgrid([], other)).status).toBe(401);
    await writeFile(configFile(), '[');
    await writeFile(configFile(), JSON.stringify([...endpoints, { ...endpoints[0], tenant: other }]));
    await eventually(async () => (await sendgrid([], other)).status === 200, { describe: 'the new endpoint answers', timeoutMs: 10_000 });
    await writeFile(configFile(), '[{ "tenant": "x" }]');
    await eventually(() => webhook.logs().includes('is not valid: what was served before goes on'), {
      describe: 'the fault is logged',
      timeoutMs: 10_000,
    });
    expect((await sendgrid([], other)).status).toBe(200);
  });
});

describe('tracking links', () => {
  it('show a pixel and lead to where they were made for, and both stand on the timeline', async () => {
    const links = createTrackingLinks(TRACKING_SECRET, webhook.url);
    const mail = { tenantId: tenant, messageId: 'msg-9', entities: [{ type: 'contact', id: 'contact-tracked' }] } as const;
    const pixel = await fetch(links.pixel(mail), { headers: { 'user-agent': 'Mozilla/5.0 (X11) Firefox/140.0' } });
    expect([pixel.status, pixel.headers.get('content-type')]).toEqual([200, 'image/gif']);
    const click = await fetch(links.click(mail, 'https://example.com/pricing'), { redirect: 'manual' });
    expect([click.status, click.headers.get('location')]).toEqual([302, 'https://example.com/pricing']);
    await eventually(async () => (await timeline('contact/contact-tracked')).length === 2, {
      describe: 'both are shown',
      timeoutMs: 15_000,
    });
    const types = (await timeline('contact/contact-tracked')).map(({ type, payload }) => [type, payload['machine']]);
    expect(types).toEqual(expect.arrayContaining([['email.opened', undefined]]));
    expect(types.map(([type]) => type).sort()).toEqual(['email.clicked', 'email.opened']);
  });

  it('that were not made here lead nowhere', async () => {
    for (const path of ['/t/c/https%3A%2F%2Fevil.example.com', '/t/c/AAAA', '/t/o/AAAA.gif', '/t/c/?url=https://evil.example.com']) {
      const response = await fetch(webhook.url + path, { redirect: 'manual' });
      expect([path, response.status, response.headers.get('location')]).toEqual([path, 404, null]);
    }
  });
});

it('nothing that the webhook logs names a person or a secret', () => {
  for (const word of ['sam@example.com', 'mailgun-key', 'contact-meta', 'example.com/pricing']) expect(webhook.logs()).not.toContain(word);
});
