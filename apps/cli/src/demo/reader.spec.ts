import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '#libs/local-stack';
import { createLogger } from '#libs/service';
import nodemailer from 'nodemailer';
import type { ToldByProvider } from './callbacks.js';
import { fateOf } from './fate.js';
import { openMailbox, type ArrivedMail, type Mailbox } from './mailbox.js';
import { read, type ReaderOptions } from './reader.js';

const SENDER = 'hello@larkfield.example.com';
const TOKEN = 'x'.repeat(300);
let server: Server;
let trackingUrl: string;
let asked: string[];
let mailbox: Mailbox;
let mailboxPort: number;
let arrived: ArrivedMail[];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(302, { location: 'https://www.larkfield.example.com/pricing' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  trackingUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  mailboxPort = await freePort();
  mailbox = await openMailbox(mailboxPort, (mail) => arrived.push(mail));
});
beforeEach(() => {
  asked = [];
  arrived = [];
});
afterAll(async () => {
  server.close();
  await mailbox.close();
});

/** Addresses until one does as wished. */
function somebodyWho(answers: boolean): string {
  const addresses = Array.from({ length: 100 }, (_, i) => `mei.lund.${i}@brightwater.example.com`);
  return addresses.find((address) => (fateOf(address) !== 'leaves') === answers) ?? '';
}

async function send(to: string, base = trackingUrl): Promise<ArrivedMail> {
  const transport = nodemailer.createTransport({ url: `smtp://127.0.0.1:${mailboxPort}` });
  const html = `<p>Hello,</p>\n.\n<p><a href="${base}/t/c/${TOKEN}?a=b">prices</a></p><img src="${base}/t/o/${TOKEN}.gif" width="1">`;
  await transport.sendMail({ from: SENDER, to, subject: 'Your inquiry', html, messageId: '<m-1@larkfield.example.com>' });
  transport.close();
  const mail = arrived.pop();
  if (mail === undefined) throw new Error('nothing arrived');
  return mail;
}

function reading(): { options: ReaderOptions; told: ToldByProvider[] } {
  const told: ToldByProvider[] = [];
  const callBack = (event: ToldByProvider): Promise<void> => Promise.resolve(void told.push(event));
  const logger = createLogger({ app: 'demo', level: 'silent' });
  const signal = new AbortController().signal;
  return { told, options: { seed: 'seed', callBack, trackingUrl, logger, signal, wait: () => Promise.resolve() } };
}

describe('the people of the demo', () => {
  it('take mail by SMTP, long lines and lone dots included', async () => {
    const to = somebodyWho(true);
    const mail = await send(to);
    expect(mail).toMatchObject({ from: SENDER, to, subject: 'Your inquiry', messageId: 'm-1@larkfield.example.com' });
    expect(mail.text).toContain(`${trackingUrl}/t/o/${TOKEN}.gif`);
    expect(mail.text).toContain(`/t/c/${TOKEN}?a=b`);
  });

  it('open it by its pixel; some follow the link and answer, always the same ones', async () => {
    const deeds = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const mail = await send(`grace.berg.${i}@brightwater.example.com`);
      const [first, again] = [reading(), reading()];
      asked = [];
      await read(mail, first.options);
      const [pixel, click, ...rest] = asked;
      expect([pixel, rest]).toEqual([`/t/o/${TOKEN}.gif`, []]);
      await read(mail, again.options);
      expect(again.told.map(({ id }) => id)).toEqual(first.told.map(({ id }) => id));
      deeds.add(
        `${click === undefined ? 'opens' : 'clicks'} ${first.told.map(({ type, payload }) => `${type} ${JSON.stringify(payload)}`).join()}`,
      );
    }
    expect([...deeds].filter((deed) => deed.startsWith('opens'))).toEqual(['opens ']);
    expect([...deeds].find((deed) => deed.includes('email.received'))).toContain('"inReplyTo":"m-1@larkfield.example.com"');
  });

  it('do not answer where they are going to leave', async () => {
    const { options, told } = reading();
    await read(await send(somebodyWho(false)), options);
    expect(told).toEqual([]);
  });

  it('never ask an address that is not the tracking one', async () => {
    const { options } = reading();
    const elsewhere = { ...options, trackingUrl: 'http://127.0.0.1:1' };
    await read(await send(somebodyWho(true)), elsewhere);
    expect(asked).toEqual([]);
  });
});
