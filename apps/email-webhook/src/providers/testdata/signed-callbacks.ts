import { createSign, generateKeyPairSync } from 'node:crypto';
import type { Endpoint, ProviderName } from '../../endpoints/endpoint.js';
import type { Callback } from '../provider.js';
import { hmacSha256 } from '../signatures.js';
import { DOCUMENTED } from './documented-payloads.js';

/** A callback as its provider would sign it, and the endpoint that takes it. */
export interface SignedCallback {
  readonly endpoint: Endpoint;
  readonly callback: Callback;
  /** Headers whose every byte is signed or is the signature. */
  readonly guarded: readonly string[];
  /** Whether the signature covers the body. */
  readonly coversBody: boolean;
}

export const NOW_MS = Date.parse('2026-01-05T14:30:00Z');
const TENANT = '5b1f0a86-3c1d-4c2e-9d53-0f4a7e6b1c01';
const seconds = String(NOW_MS / 1000);

const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:mail-events';

const endpoint = (provider: ProviderName, own: Partial<Endpoint>): Endpoint => ({
  tenant: TENANT,
  provider,
  secrets: [],
  topicArns: [],
  ...own,
});

export function signSendgrid(body: string, timestamp = seconds): SignedCallback {
  const signature = createSign('sha256')
    .update(timestamp + body)
    .sign(ec.privateKey, 'base64');
  return {
    endpoint: endpoint('sendgrid', { publicKey: ec.publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }),
    callback: {
      body: Buffer.from(body),
      headers: { 'x-twilio-email-event-webhook-signature': signature, 'x-twilio-email-event-webhook-timestamp': timestamp },
      nowMs: NOW_MS,
    },
    guarded: ['x-twilio-email-event-webhook-signature', 'x-twilio-email-event-webhook-timestamp'],
    coversBody: true,
  };
}

const SECRET = `whsec_${Buffer.from('twenty-four bytes at least').toString('base64')}`;

export function signStandard(prefix: 'webhook' | 'svix', body: string, secret = SECRET): SignedCallback {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = hmacSha256(key, `msg_1.${seconds}.${body}`).toString('base64');
  return {
    endpoint: endpoint(prefix === 'svix' ? 'svix' : 'standardwebhooks', { secrets: [secret] }),
    callback: {
      body: Buffer.from(body),
      headers: { [`${prefix}-id`]: 'msg_1', [`${prefix}-timestamp`]: seconds, [`${prefix}-signature`]: `v1,${signature}` },
      nowMs: NOW_MS,
    },
    guarded: [`${prefix}-id`, `${prefix}-timestamp`, `${prefix}-signature`],
    coversBody: true,
  };
}

export function signMailgun(eventData: object, token = 'a-token-of-fifty-characters'): SignedCallback {
  const signature = hmacSha256('mailgun-key', seconds, token).toString('hex');
  return {
    endpoint: endpoint('mailgun', { secrets: ['mailgun-key'] }),
    callback: {
      body: Buffer.from(JSON.stringify({ signature: { timestamp: seconds, token, signature }, 'event-data': eventData })),
      headers: {},
      nowMs: NOW_MS,
    },
    guarded: [],
    coversBody: false,
  };
}

export function signPostmark(body: string): SignedCallback {
  return {
    endpoint: endpoint('postmark', { user: 'postmark', password: 'correct horse' }),
    callback: {
      body: Buffer.from(body),
      headers: { authorization: `Basic ${Buffer.from('postmark:correct horse').toString('base64')}` },
      nowMs: NOW_MS,
    },
    guarded: ['authorization'],
    coversBody: false,
  };
}

export function signSns(message: Readonly<Record<string, string>>): SignedCallback {
  const names =
    message['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const signed = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('');
  const Signature = createSign('sha256').update(signed).sign(rsa.privateKey, 'base64');
  return {
    endpoint: endpoint('ses', { topicArns: [TOPIC], certificate: rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString() }),
    callback: { body: Buffer.from(JSON.stringify({ ...message, Signature })), headers: {}, nowMs: NOW_MS },
    guarded: [],
    coversBody: true,
  };
}

export function notification(message: object, own: Readonly<Record<string, string>> = {}): SignedCallback {
  return signSns({
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: TOPIC,
    Message: JSON.stringify(message),
    Timestamp: '2026-01-05T14:29:58.000Z',
    SignatureVersion: '2',
    SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000.pem',
    ...own,
  });
}

/** One genuine callback of every provider. */
export const SIGNED: Readonly<Record<ProviderName, SignedCallback>> = {
  sendgrid: signSendgrid(JSON.stringify(DOCUMENTED.sendgrid)),
  mailgun: signMailgun(DOCUMENTED.mailgun.clicked),
  postmark: signPostmark(JSON.stringify(DOCUMENTED.postmark.open)),
  resend: signStandard('svix', JSON.stringify(DOCUMENTED.resend.clicked)),
  svix: signStandard('svix', JSON.stringify(DOCUMENTED.resend.bounced)),
  standardwebhooks: signStandard('webhook', JSON.stringify(DOCUMENTED.resend.opened)),
  ses: notification(DOCUMENTED.ses.click),
};
