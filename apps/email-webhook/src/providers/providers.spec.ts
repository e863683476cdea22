import fc from 'fast-check';
import { decodeRecord } from '#libs/contracts';
import { PROVIDERS, type ProviderName } from '../endpoints/endpoint.js';
import { referencesIn } from '../mail/references.js';
import { recordOf, type MappedEvent } from '../mail/to-record.js';
import { providers } from './index.js';
import type { Callback, MailEvent } from './provider.js';
import { DOCUMENTED } from './testdata/documented-payloads.js';
import {
  notification,
  NOW_MS,
  SIGNED,
  signMailgun,
  signPostmark,
  signSendgrid,
  signSns,
  signStandard,
  TOPIC,
  type SignedCallback,
} from './testdata/signed-callbacks.js';

const all = providers(() => Promise.reject(new Error('no network here')));
const verdictOf = async (provider: ProviderName, { endpoint, callback }: SignedCallback, changes: Partial<Callback> = {}) =>
  (await all[provider].verify({ ...callback, ...changes }, endpoint)).outcome;

function eventsOf(provider: ProviderName, { callback }: SignedCallback): readonly MailEvent[] {
  const read = all[provider].read(callback);
  if (read.outcome !== 'events') throw new Error(read.outcome);
  return read.events;
}

describe.each(PROVIDERS)('a callback of %s', (provider) => {
  const signed = SIGNED[provider];

  it('is genuine as its provider sends it', async () => {
    expect(await verdictOf(provider, signed)).toBe('genuine');
  });

  it('is refused when it is not for this account', async () => {
    const other = { ...signed.endpoint, secrets: ['whsec_b3RoZXI='], user: 'other', topicArns: ['arn:aws:sns:us-east-1:1:other'] };
    const publicKey = signSendgrid('[]').endpoint.publicKey?.replace('MFkw', 'MFkx');
    expect((await all[provider].verify(signed.callback, { ...other, publicKey })).outcome).toBe('refused');
  });

  it('is refused when any byte of what is signed is another', async () => {
    const body = signed.callback.body;
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        if (!signed.coversBody) return;
        const changed = Buffer.from(body);
        changed[at] = (body[at] ?? 0) ^ flip;
        const verdict = await verdictOf(provider, signed, { body: changed });
        // SNS signs members: a byte between them may change without changing what is said
        if (provider === 'ses' && verdict === 'genuine')
          expect(eventsOf(provider, { ...signed, callback: { ...signed.callback, body: changed } })).toEqual(eventsOf(provider, signed));
        else expect(verdict).not.toBe('genuine');
      }),
      { numRuns: 200 },
    );
    for (const name of signed.guarded) {
      const value = signed.callback.headers[name] ?? '';
      for (let at = 0; at < value.length; at++) {
        const changed = value.slice(0, at) + (value[at] === 'x' ? 'y' : 'x') + value.slice(at + 1);
        expect([name, at, await verdictOf(provider, signed, { headers: { ...signed.callback.headers, [name]: changed } })]).toEqual([
          name,
          at,
          'refused',
        ]);
      }
      expect(await verdictOf(provider, signed, { headers: { ...signed.callback.headers, [name]: undefined } })).toBe('refused');
    }
  });

  it('never throws, whatever is sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        const callback = { ...signed.callback, body: Buffer.from(text) };
        await all[provider].verify(callback, signed.endpoint);
        all[provider].read(callback);
      }),
    );
  });
});

describe('what happened is read from', () => {
  it('SendGrid’s batches', () => {
    const events = eventsOf('sendgrid', signSendgrid(JSON.stringify(DOCUMENTED.sendgrid)));
    expect(events.map(({ kind }) => kind)).toEqual(['sent', null, null, 'opened', 'clicked', 'bounced', null, null]);
    expect(events[3]).toMatchObject({ machine: true, eventId: 'sg-event-4', time: '2026-01-05T14:29:53.000Z' });
    expect(events[0]?.messageIds).toEqual(['14c5d75ce93.dfd.64b469', '14c5d75ce93.dfd.64b469@ismtpd-555']);
    expect(events[5]).toMatchObject({ bounceType: 'hard', messageIds: ['sCe4JgLqS4q8dLEcb7sARw'] });
  });

  it('Mailgun’s events', () => {
    const of = (data: object) => eventsOf('mailgun', signMailgun(data))[0];
    expect(of(DOCUMENTED.mailgun.clicked)).toMatchObject({ kind: 'clicked', url: 'https://example.com/pricing', ip: '192.0.2.7' });
    expect(of(DOCUMENTED.mailgun.failed)).toMatchObject({ kind: 'bounced', bounceType: 'hard', subject: 'Your quote' });
    expect(of(DOCUMENTED.mailgun.delayed)).toMatchObject({ kind: 'bounced', bounceType: 'soft' });
    expect(of(DOCUMENTED.mailgun.complained)).toMatchObject({ kind: null, name: 'complained' });
  });

  it('Postmark’s records, which are told apart by what they say', () => {
    const of = (record: object) => eventsOf('postmark', signPostmark(JSON.stringify(record)))[0];
    const open = of(DOCUMENTED.postmark.open);
    expect(open).toMatchObject({ kind: 'opened', time: '2026-01-05T14:29:50.000Z', messageIds: ['883953f4-6105-42a2-a16a-77a8eac79483'] });
    expect(of(DOCUMENTED.postmark.open)?.eventId).toBe(open?.eventId);
    expect(of({ ...DOCUMENTED.postmark.open, ReceivedAt: '2026-01-05T14:31:00Z' })?.eventId).not.toBe(open?.eventId);
    expect(of(DOCUMENTED.postmark.click)).toMatchObject({ kind: 'clicked', url: 'https://example.com/pricing' });
    expect(of(DOCUMENTED.postmark.bounce)).toMatchObject({ kind: 'bounced', bounceType: 'hard', eventId: 'Bounce-42' });
    expect(of(DOCUMENTED.postmark.complaint)).toMatchObject({ kind: null });
    expect(of(DOCUMENTED.postmark.inbound)).toMatchObject({
      kind: 'received',
      messageIds: ['reply-1@mail.example.com', '22c74902-a0c1-4511-804f2-341342852c90'],
      inReplyTo: 'quote-1@mail.example.com',
    });
  });

  it('Resend’s messages', () => {
    const of = (message: object) => eventsOf('resend', signStandard('svix', JSON.stringify(message)))[0];
    expect(of(DOCUMENTED.resend.clicked)).toMatchObject({ kind: 'clicked', url: 'https://example.com/pricing', eventId: 'msg_1' });
    expect(of(DOCUMENTED.resend.bounced)).toMatchObject({ kind: 'bounced', bounceType: 'hard', metadata: { category: 'confirm_email' } });
    expect(of(DOCUMENTED.resend.delivered)).toMatchObject({ kind: null, name: 'email.delivered' });
  });

  it('SES’s records inside SNS', () => {
    const of = (record: object) => eventsOf('ses', notification(record))[0];
    expect(of(DOCUMENTED.ses.click)).toMatchObject({
      kind: 'clicked',
      messageIds: ['EXAMPLE7c191be45'],
      metadata: { annals_lead: 'lead-xyz' },
    });
    expect(of(DOCUMENTED.ses.bounce)).toMatchObject({ kind: 'bounced', bounceType: 'hard', reason: 'smtp; 550 5.1.1 user unknown' });
    expect(of(DOCUMENTED.ses.complaint)).toMatchObject({ kind: null, name: 'Complaint' });
  });

  it.each(PROVIDERS)('%s’s callbacks, each as an event that ingest accepts', (provider) => {
    for (const event of eventsOf(provider, SIGNED[provider])) {
      if (event.kind === null) continue;
      for (const refs of [[], referencesIn(event.metadata)]) {
        const tenantId = SIGNED[provider].endpoint.tenant;
        const record = recordOf({ tenantId, source: `/webhooks/${provider}`, event: event as MappedEvent }, refs);
        const wire = { topic: record.topic, headers: record.headers, value: Buffer.from(record.value), timestampMs: NOW_MS };
        expect(decodeRecord(wire, { nowMs: NOW_MS })).toMatchObject({ outcome: 'accepted' });
        expect(record.value).not.toContain('gone@example.com');
      }
    }
  });
});

describe('a signature', () => {
  it('of an old or a future moment is refused', async () => {
    for (const provider of ['sendgrid', 'svix', 'standardwebhooks', 'resend'] as const) {
      for (const minutes of [-6, 6])
        expect(await verdictOf(provider, SIGNED[provider], { nowMs: NOW_MS + minutes * 60_000 })).toBe('refused');
      expect(await verdictOf(provider, SIGNED[provider], { nowMs: NOW_MS + 4 * 60_000 })).toBe('genuine');
    }
    expect(await verdictOf('mailgun', SIGNED.mailgun, { nowMs: NOW_MS + 10 * 3_600_000 })).toBe('refused');
  });

  it('counts when one of several is right, by an old or a new key', async () => {
    const signed = SIGNED.svix;
    const headers = { ...signed.callback.headers, 'svix-signature': `v1,AAAA v1a,BBBB ${signed.callback.headers['svix-signature']}` };
    expect(await verdictOf('svix', signed, { headers })).toBe('genuine');
    const rotated = { ...signed, endpoint: { ...signed.endpoint, secrets: ['whsec_bmV3', ...signed.endpoint.secrets] } };
    expect(await verdictOf('svix', rotated)).toBe('genuine');
    const second = SIGNED.mailgun;
    expect(await verdictOf('mailgun', { ...second, endpoint: { ...second.endpoint, secrets: ['new', 'mailgun-key'] } })).toBe('genuine');
  });

  it('of Mailgun tells the token that is good for one body', async () => {
    expect(await all.mailgun.verify(SIGNED.mailgun.callback, SIGNED.mailgun.endpoint)).toEqual({
      outcome: 'genuine',
      once: 'a-token-of-fifty-characters',
    });
  });
});

describe('SNS', () => {
  const message = { eventType: 'Open', open: {}, mail: { messageId: 'm' } };

  it.each([
    ['another host', 'https://sns.us-east-1.amazonaws.com.example.com/SimpleNotificationService-1.pem'],
    ['a bucket', 'https://s3.us-east-1.amazonaws.com/SimpleNotificationService-1.pem'],
    ['no TLS', 'http://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem'],
    ['a port', 'https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-1.pem'],
    ['another path', 'https://sns.us-east-1.amazonaws.com/?x=SimpleNotificationService-1.pem'],
    ['a user', 'https://sns.us-east-1.amazonaws.com@example.com/SimpleNotificationService-1.pem'],
  ])('is not believed with a certificate of %s', async (_, SigningCertURL) => {
    expect(await verdictOf('ses', notification(message, { SigningCertURL }))).toBe('refused');
  });

  it('is not believed with the old signature, or of another topic', async () => {
    expect(await verdictOf('ses', notification(message, { SignatureVersion: '1' }))).toBe('refused');
    expect(await verdictOf('ses', notification(message, { TopicArn: `${TOPIC}-other` }))).toBe('refused');
  });

  it('waits when the certificate cannot be read', async () => {
    const signed = notification(message);
    const { certificate, ...endpoint } = signed.endpoint;
    expect(certificate).toBeDefined();
    expect(await verdictOf('ses', { ...signed, endpoint })).toBe('unavailable');
  });

  it('has a subscription confirmed at its own address only', async () => {
    const confirmation = (SubscribeURL: string) =>
      signSns({
        Type: 'SubscriptionConfirmation',
        MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
        Token: 'a-token',
        TopicArn: TOPIC,
        Message: 'You have chosen to subscribe to the topic.',
        SubscribeURL,
        Timestamp: '2026-01-05T14:29:58.000Z',
        SignatureVersion: '2',
        SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000.pem',
      });
    const genuine = confirmation('https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription');
    expect(await verdictOf('ses', genuine)).toBe('genuine');
    expect(all.ses.read(genuine.callback)).toMatchObject({ outcome: 'confirm' });
    expect(all.ses.read(confirmation('https://169.254.169.254/latest').callback)).toEqual({ outcome: 'unparsable' });
  });
});
