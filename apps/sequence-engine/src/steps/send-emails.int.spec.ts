import { anEvent, eventually, fixedClock, freshDatabase, TENANT, type FreshDatabase } from '#libs/testing';
import { createTrackingLinks } from '#libs/tracking';
import { TestEngine } from '../engine.fixture.js';
import { openMailer, type Mailer } from '../mail/mailer.js';
import { TestSmtp } from '../mail/smtp-server.fixture.js';
import { remind } from './remind.js';
import { retryDelay, sendEmails, settleLapsed, type EmailParts } from './send-emails.js';

const clock = fixedClock('2026-01-05T10:00:00Z');
const tracking = createTrackingLinks('a secret of the tests, long enough for links', 'https://mail.example.com');
let database: FreshDatabase;
let engine: TestEngine;
let smtp: TestSmtp;
let mailer: Mailer;
let failures: string[];

beforeEach(async () => {
  failures = [];
  [database, smtp] = await Promise.all([freshDatabase(), TestSmtp.start()]);
  engine = await TestEngine.open(database.url, clock);
  mailer = openMailer({ url: smtp.url, connections: 3, onFailure: (code) => failures.push(code), answerMs: 1_000 });
  await engine.saveSequence(TENANT, LETTERS);
});
afterEach(async () => {
  mailer.close();
  await Promise.all([engine.close(), smtp.close()]);
  await database.drop();
});

const LETTERS = {
  id: 'letters',
  name: 'Letters',
  enrollOn: [{ on: ['lead.added'] }],
  steps: [
    {
      ...{ id: 'first', channel: 'email', delay: {}, templateId: 'tmpl_1', subject: 'Hello {{firstName|there}}', text: 'Dear {{name}}' },
      html: '<p>Dear {{name}}</p><a href="https://example.com/a?b=1&amp;c=2">look</a>',
    },
    { id: 'second', channel: 'email', delay: { days: 1 }, subject: 'Again', text: 'Again' },
    { id: 'third', channel: 'task', delay: { days: 1 } },
  ],
};

const parts = (): EmailParts => ({
  ...{ ...engine.parts, mailer, atOnce: 3, attempts: 3, random: () => 1 },
  letterhead: { from: { name: 'Annals', address: 'hello@example.com' }, tracking },
});
async function sendAll(): Promise<void> {
  while ((await sendEmails(parts())) > 0);
}
async function enroll(n: number, person: object = { email: `lead-${n}@example.com`, name: `Sam Doe ${n}` }): Promise<void> {
  await engine.append([
    anEvent({ type: 'lead.added', entities: [{ type: 'lead', id: `lead-${n}` }], payload: { source: 'web', ...person } }),
  ]);
  await engine.follow();
}
const executed = async () =>
  (await engine.told())
    .filter(({ type }) => type === 'nurture.step_executed')
    .map(({ subject, data: { payload } }) => [subject, payload['stepId'], payload['deliveryStatus']]);
const addressOf = (n: number) => `lead-${n}@example.com`;

it('a message leaves once, filled and tracked, and both it and its step are told', async () => {
  await enroll(1, { email: 'sam@example.com', name: 'Sam <b>"Doe"\r\nBcc: all@example.com' });
  await Promise.all([sendAll(), sendAll()]);
  expect(smtp.received).toHaveLength(1);
  const [mail] = smtp.received;
  expect(mail?.to).toEqual(['sam@example.com']);
  const headers = mail?.raw.split('\r\n\r\n')[0] ?? '';
  expect(headers).toMatch(/^From: Annals <hello@example\.com>\r$/m);
  expect(headers).toMatch(/^Subject: Hello Sam\r$/m);
  expect(headers).not.toMatch(/^Bcc:/m);
  const body = (mail?.raw ?? '').replaceAll('=\r\n', '').replaceAll('=3D', '=');
  expect(body).toContain('<p>Dear Sam &#60;b&#62;&#34;Doe&#34; Bcc: all@example.com</p>');
  const [, click] = /href="https:\/\/mail\.example\.com\/t\/c\/([^"]+)"/.exec(body) ?? [];
  expect(tracking.openClick(click ?? '')).toMatchObject({ url: 'https://example.com/a?b=1&c=2', messageId: mail?.messageId });
  const told = await engine.told();
  expect(told.map(({ type }) => type)).toEqual([
    'nurture.enrolled',
    'nurture.step_scheduled',
    'email.sent',
    'nurture.step_executed',
    'nurture.step_scheduled',
  ]);
  expect(told[2]?.data.payload).toEqual({
    ...{ sequenceId: 'letters', stepId: 'first', templateId: 'tmpl_1', to: ['sam@example.com'] },
    ...{ messageId: mail?.messageId, emailSubject: 'Hello Sam' },
  });
});

it('whose address is not known is told of, and goes on to the next step', async () => {
  await enroll(1, { email: 'nobody' });
  await sendAll();
  expect(smtp.received).toEqual([]);
  expect(await executed()).toEqual([['lead/lead-1', 'first', 'no_address']]);
  clock.advance(86_400_000);
  await enroll(1, { email: addressOf(1) });
  await sendAll();
  expect(smtp.received.map(({ to }) => to)).toEqual([[addressOf(1)]]);
});

it('what the server refuses for good has failed, and the others leave', async () => {
  smtp.refusal = (to) => (to === addressOf(2) ? { code: 550 } : undefined);
  for (const n of [1, 2, 3]) await enroll(n);
  await sendAll();
  expect(smtp.received.map(({ to }) => to[0]).sort()).toEqual([addressOf(1), addressOf(3)]);
  expect((await executed()).sort()).toEqual([
    ['lead/lead-1', 'first', 'sent'],
    ['lead/lead-2', 'first', 'failed'],
    ['lead/lead-3', 'first', 'sent'],
  ]);
  expect((await engine.told()).filter(({ type }) => type === 'email.sent')).toHaveLength(2);
});

it('what the server does not take now is tried again later, a few times', async () => {
  smtp.refusal = () => ({ code: 451 });
  await enroll(1);
  await sendAll();
  expect(await executed()).toEqual([]);
  clock.advance(29_000);
  await sendAll();
  expect(failures).toHaveLength(1);
  clock.advance(1_000);
  await sendAll();
  expect(failures).toHaveLength(2);
  smtp.refusal = undefined;
  clock.advance(60_000);
  await sendAll();
  expect(await executed()).toEqual([['lead/lead-1', 'first', 'sent']]);
  smtp.refusal = () => ({ code: 451 });
  for (let i = 0; i < 5; i++) {
    clock.advance(86_400_000);
    await sendAll();
  }
  expect(await executed()).toEqual([
    ['lead/lead-1', 'first', 'sent'],
    ['lead/lead-1', 'second', 'failed'],
  ]);
});

it('a server that is away holds up messages, and no reminder; when it is back they leave once each', async () => {
  await engine.saveSequence(TENANT, {
    id: 'tasks',
    name: 'Tasks',
    enrollOn: LETTERS.enrollOn,
    steps: [{ id: 'task', channel: 'task', delay: {} }],
  });
  const { port } = smtp;
  await smtp.close();
  for (const n of [1, 2, 3, 4]) await enroll(n);
  await sendAll();
  expect(await remind(parts())).toBe(4);
  expect((await executed()).map(([, step]) => step)).toEqual(['task', 'task', 'task', 'task']);
  smtp = await TestSmtp.start({}, port);
  clock.advance(60_000);
  await sendAll();
  expect(smtp.received.map(({ to }) => to[0]).sort()).toEqual([1, 2, 3, 4].map(addressOf));
});

it('a connection that breaks when all of the message is there leaves it open whether it was sent: it is not sent again', async () => {
  smtp.onMessage = () => void smtp.close();
  const { port } = smtp;
  await enroll(1);
  await sendAll();
  smtp = await TestSmtp.start({}, port);
  clock.advance(3_600_000);
  await sendAll();
  expect(smtp.received).toEqual([]);
  expect(await executed()).toEqual([['lead/lead-1', 'first', 'unknown']]);
});

it('a server that answers too late has perhaps taken it: it is not sent again', async () => {
  smtp.onMessage = () => undefined;
  await enroll(1);
  await sendAll();
  expect(await executed()).toEqual([['lead/lead-1', 'first', 'unknown']]);
  expect(failures).toEqual(['ETIMEDOUT']);
});

describe('an engine that dies while a message leaves', () => {
  const dying: Mailer = { send: () => new Promise(() => undefined), close: () => undefined };

  it('is not followed by a second message: the step is told as unknown, and the next one comes', async () => {
    await enroll(1);
    void sendEmails({ ...parts(), mailer: dying });
    const isMarked = async () =>
      (await engine.database.pool.query("select from annals_app.enrollments where delivery = 'sending'")).rowCount === 1;
    await eventually(isMarked, { describe: 'the message may be leaving' });
    await sendAll();
    expect(await settleLapsed(parts())).toBe(0);
    clock.advance(5 * 60_000);
    expect(await settleLapsed(parts())).toBe(1);
    await sendAll();
    expect(smtp.received).toEqual([]);
    clock.advance(86_400_000);
    await sendAll();
    expect(await executed()).toEqual([
      ['lead/lead-1', 'first', 'unknown'],
      ['lead/lead-1', 'second', 'sent'],
    ]);
  });
});

it('who replies while a message leaves is told of it, and goes no further', async () => {
  await enroll(1);
  const replied = new Promise<void>((resolve, reject) => {
    smtp.onMessage = (_, answer) => {
      void engine
        .append([anEvent({ type: 'email.received', entities: [{ type: 'lead', id: 'lead-1' }], payload: { messageId: 'm' } })])
        .then(() => engine.follow())
        .then(() => answer())
        .then(resolve, reject);
    };
  });
  await Promise.all([sendAll(), replied]);
  clock.advance(5 * 86_400_000);
  await sendAll();
  expect((await engine.told()).map(({ type }) => type).slice(2)).toEqual(['nurture.exited', 'email.sent', 'nurture.step_executed']);
});

it('attempts are further and further apart, up to an hour, and spread', () => {
  expect([0, 1, 2, 20, 2_000].map((attempts) => retryDelay(attempts, 1))).toEqual([30_000, 60_000, 120_000, 3_600_000, 3_600_000]);
  expect(retryDelay(0, 0)).toBe(15_000);
});
