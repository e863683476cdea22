import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, mintToken, parseConfig, Shutdown, type TokenHolder } from '#libs/service';
import { connectionFor, openDatabase, takeRecords, type Database } from '#libs/store';
import { freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { queryConfig } from '../config.js';
import { createApp } from '../create-app.js';
import { openParts } from '../open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const logger = createLogger({ app: 'query', level: 'silent' });
const shutdown = new Shutdown({ logger, exit: () => undefined });
const WELCOME = {
  name: 'Welcome',
  enrollOn: [{ on: ['lead_created'], if: { field: 'payload.source', op: 'eq', value: 'web' } }],
  steps: [
    { id: 'hello', channel: 'email', delay: { hours: 1 }, subject: 'Hello {{firstName|there}}', text: 'Good to have you.' },
    { id: 'call', channel: 'call', delay: { days: 2 } },
  ],
  hours: { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' },
};

let database: FreshDatabase;
let engine: Database;
let app: NestFastifyApplication;

beforeAll(async () => {
  database = await freshDatabase();
  engine = await openDatabase({ url: connectionFor(database.url, 'sequences'), poolSize: 1, applicationName: 'spec' });
  const config = parseConfig(queryConfig, { DATABASE_URL: database.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9' });
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  app = await createApp(await openParts(config.values, logger, shutdown));
});
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await engine?.close();
  await database?.drop();
});

interface Answer {
  readonly status: number;
  readonly body: {
    readonly [member: string]: unknown;
    readonly items: Record<string, unknown>[];
    readonly id: string;
    readonly next: string | null;
  };
  readonly errors: string[];
}

async function call(
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  payload?: object,
  as: TokenHolder = { user: 'jane' },
  tenant = TENANT,
): Promise<Answer> {
  const authorization = `Bearer ${await mintToken({ secret, tenants: [tenant], ...as })}`;
  const response = await app.inject({ method, url: `/api/v1/${url}`, headers: { authorization }, ...(payload && { payload }) });
  const body = response.json<Answer['body'] & { errors?: { field: string; message: string }[] }>();
  return { status: response.statusCode, body, errors: (body.errors ?? []).map(({ field, message }) => `${field} ${message}`) };
}
const put = (id: string, body: object) => call('PUT', `sequences/${id}`, body);
const told = async () =>
  (await takeRecords(engine, 1000)).map(
    ({ record }) => JSON.parse(record.value) as { type: string; actorid: string; data: { payload: object } },
  );

describe('a sequence', () => {
  it('is saved as a version, the same again is none, something else is the next', async () => {
    const saved = await put('welcome', WELCOME);
    expect(saved.body).toMatchObject({ id: 'welcome', version: 1, updatedBy: 'jane', fromPosition: 0, hours: WELCOME.hours });
    expect(saved.body['enrollOn']).toEqual([{ ...WELCOME.enrollOn[0], on: ['lead.added'] }]);
    expect(saved.body['exitOn']).toContainEqual({ reason: 'reply', on: ['email.received'] });
    expect((await put('welcome', WELCOME)).body).toEqual(saved.body);
    expect((await put('welcome', { ...WELCOME, name: 'Welcome!' })).body).toMatchObject({ version: 2, name: 'Welcome!' });
    expect((await call('GET', 'sequences/welcome')).body).toMatchObject({ version: 2 });
    await put('zebra', WELCOME);
    const first = (await call('GET', 'sequences?limit=1')).body;
    const second = (await call('GET', `sequences?limit=1&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map(({ id, version }) => [id, version])).toEqual([
      ['welcome', 2],
      ['zebra', 1],
    ]);
    expect(second.next).toBeNull();
  });

  it.each([
    [{ ...WELCOME, steps: [{ id: 'a', channel: 'fax', delay: {} }] }, 422, '/steps/0/channel must be one of email, task, call'],
    [
      { ...WELCOME, hours: { ...WELCOME.hours, timeZone: 'Mars/Base' } },
      422,
      '/hours/timeZone must be an IANA time zone, such as Europe/Berlin',
    ],
    [
      { ...WELCOME, exitOn: [{ reason: 'reply', on: ['nurture.paused'] }] },
      422,
      '/exitOn/0/on must not name what the engine itself publishes',
    ],
    [{ ...WELCOME, steps: [] }, 400, 'steps must contain at least 1 elements'],
    [{ ...WELCOME, id: 'other' }, 400, 'id must be the id of the path'],
    [{ ...WELCOME, colour: 'red' }, 400, 'colour is no parameter of this request'],
  ])('%#: what it cannot be is refused by name', async (body, status, error) => {
    const refused = await put('refused', body);
    expect([refused.status, refused.errors[0]]).toEqual([status, error]);
    expect((await call('GET', 'sequences/refused')).status).toBe(404);
  });

  it('is for staff of its tenant', async () => {
    expect((await call('GET', 'sequences', undefined, { customer: 'contact/c' })).status).toBe(403);
    for (const url of ['sequences/welcome', 'sequences/welcome/enrollments', 'playbooks/welcome'])
      expect((await call('GET', url, undefined, undefined, OTHER_TENANT)).status).toBe(404);
    expect((await call('POST', 'sequences/welcome/enrollments', { lead: { type: 'lead', id: 'l' } }, undefined, OTHER_TENANT)).status).toBe(
      404,
    );
  });
});

describe('somebody who is enrolled by hand', () => {
  const wish = {
    lead: { type: 'lead', id: 'lead-hand' },
    contact: 'contact-hand',
    account: 'acc-hand',
    address: 'sam@example.com',
    name: 'Sam Doe',
  };

  it('is enrolled once, paused, resumed and taken out, each told with who did it', async () => {
    const enrolled = await call('POST', 'sequences/welcome/enrollments', wish);
    const { id } = enrolled.body;
    expect([enrolled.status, enrolled.body]).toMatchObject([
      201,
      {
        sequence: 'welcome',
        version: 2,
        lead: wish.lead,
        contact: 'contact-hand',
        account: 'acc-hand',
        state: 'active',
        next: { id: 'hello', channel: 'email' },
      },
    ]);
    expect(JSON.stringify(enrolled.body)).not.toContain('sam@');
    const again = await call('POST', 'sequences/welcome/enrollments', wish);
    expect([again.status, again.body]).toEqual([200, enrolled.body]);
    expect((await call('POST', `enrollments/${id}/pause`, { reason: 'on holiday' })).body).toMatchObject({ state: 'paused' });
    expect((await call('POST', `enrollments/${id}/pause`, {})).body).toMatchObject({ state: 'paused' });
    expect((await call('POST', `enrollments/${id}/resume`, {}, { user: 'ben' })).body).toMatchObject({ state: 'active' });
    expect((await call('POST', `enrollments/${id}/exit`, {})).body).toMatchObject({ state: 'exited', next: null });
    expect((await call('POST', `enrollments/${id}/exit`)).status).toBe(200);
    expect((await call('POST', `enrollments/${id}/resume`, {})).errors).toEqual(['id is over: exited']);
    expect(
      (await told()).map(({ type, actorid, data: { payload } }) => [type, actorid, (payload as { by?: string; reason?: string }).reason]),
    ).toEqual([
      ['nurture.enrolled', 'jane', undefined],
      ['nurture.step_scheduled', 'sequence-engine', undefined],
      ['nurture.paused', 'jane', 'on holiday'],
      ['nurture.resumed', 'ben', undefined],
      ['nurture.step_scheduled', 'sequence-engine', undefined],
      ['nurture.exited', 'jane', 'manual'],
    ]);
    expect((await call('POST', 'sequences/welcome/enrollments', wish)).status).toBe(201);
    const listed = (await call('GET', 'sequences/welcome/enrollments')).body.items;
    expect(listed.map(({ state }) => state).sort()).toEqual(['active', 'exited']);
    expect((await call('GET', 'sequences/welcome/enrollments?state=exited')).body.items).toHaveLength(1);
  });

  it.each([
    [{ lead: { type: 'deal', id: 'd' } }, 'lead.type must be one of the following values: lead, contact'],
    [{ lead: { type: 'lead', id: '' } }, 'lead.id must be longer than or equal to 1 characters'],
    [{}, 'lead must be an object'],
    [{ ...wish, address: 'sam@example.com, all@example.com' }, 'address must be an e-mail address'],
    [{ ...wish, address: 'sam@example.com\r\nBcc: all@example.com' }, 'address must be an e-mail address'],
    [{ ...wish, name: 'Sam\r\nBcc: all@example.com' }, 'name must be text without control characters'],
  ])('%#: is refused by the field that is wrong', async (body, error) => {
    const refused = await call('POST', 'sequences/welcome/enrollments', body);
    expect([refused.status, refused.errors[0]]).toEqual([400, error]);
  });

  it('is not found by another tenant, nor under an id that there is not', async () => {
    const [one] = (await call('GET', 'sequences/welcome/enrollments?limit=1')).body.items;
    for (const [id, tenant] of [
      [String(one?.['id']), OTHER_TENANT],
      ['00000000-0000-4000-8000-000000000000', TENANT],
    ] as const)
      expect((await call('POST', `enrollments/${id}/pause`, {}, undefined, tenant)).status).toBe(404);
    expect((await call('POST', 'enrollments/nonsense/pause', {})).status).toBe(400);
  });
});

it('a playbook is saved, read and listed', async () => {
  const play = { name: 'Rescue', on: ['form_submitted'], actions: [{ note: { text: 'Call.' } }, { enroll: { sequence: 'welcome' } }] };
  const saved = await call('PUT', 'playbooks/rescue', play);
  expect(saved.body).toMatchObject({ ...play, id: 'rescue', on: ['form.submitted'], version: 1 });
  expect((await call('GET', 'playbooks/rescue')).body).toEqual(saved.body);
  expect((await call('GET', 'playbooks')).body.items).toEqual([saved.body]);
  const refused = await call('PUT', 'playbooks/bad', { ...play, actions: [{ email: {} }] });
  expect([refused.status, refused.errors[0]]).toEqual([422, '/actions/0/email is not known here; known are note, tag, enroll']);
});
