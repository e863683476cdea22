import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { providerCallbacks, type CallBack, type ToldByProvider } from './callbacks.js';
import { DEMO_TENANT } from './cast.js';

const SECRET = Buffer.from('a secret of this test').toString('base64');
const OPENED: ToldByProvider = {
  ...{ tenantId: DEMO_TENANT, id: 'open-1', type: 'email.opened', time: new Date('2026-03-18T10:00:00Z') },
  entities: [
    { type: 'contact', id: 'contact-1' },
    { type: 'email_thread', id: 'thread-1' },
  ],
  payload: { messageId: 'm-1', emailSubject: 'Hello', machine: false },
};
let folder: string;
let server: Server;
let callBack: CallBack;
let status = 200;
let heard: { path: string; headers: IncomingHttpHeaders; body: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annals-callbacks-'));
  const file = join(folder, 'webhooks.json');
  await writeFile(file, JSON.stringify([{ tenant: DEMO_TENANT, provider: 'resend', secrets: [`whsec_${SECRET}`] }]));
  server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  callBack = await providerCallbacks(file, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
beforeEach(() => {
  heard = [];
  status = 200;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

describe('the provider of a tenant', () => {
  it('signs what it says, under the id of the event, and gives back whose mail it was', async () => {
    await callBack(OPENED);
    const [{ path, headers, body } = { path: '', headers: {} as IncomingHttpHeaders, body: '' }] = heard;
    expect(path).toBe(`/webhooks/resend/${DEMO_TENANT}`);
    const signed = `open-1.${String(headers['svix-timestamp'])}.${body}`;
    const signature = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(signed).digest('base64');
    expect(headers).toMatchObject({ 'svix-id': 'open-1', 'svix-signature': `v1,${signature}` });
    expect(JSON.parse(body)).toMatchObject({
      type: 'email.opened',
      data: { email_id: 'm-1', tags: { annals_contact: 'contact-1', annals_email_thread: 'thread-1' } },
    });
  });

  it('says the same again, byte by byte, and knows when it was not taken', async () => {
    await callBack(OPENED);
    await callBack(OPENED);
    expect(heard[1]?.body).toBe(heard[0]?.body);
    status = 503;
    await expect(callBack(OPENED)).rejects.toThrow('503');
  });

  it('speaks for nobody else', async () => {
    await expect(callBack({ ...OPENED, tenantId: 'another' })).rejects.toThrow('no provider');
    expect(heard).toEqual([]);
  });
});
