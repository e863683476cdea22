import { createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto';
import type { Endpoint } from '../endpoints/endpoint.js';
import { isObject, messageIdsOf, objectOf, parseJson, textOf, timeOfText, type Json } from './json-values.js';
import { GENUINE, REFUSED, type MailEvent, type MailKind, type Provider, type Verdict } from './provider.js';
import { strictBase64 } from './sendgrid.js';
import { isCertificateUrl, isSnsUrl, snsMessageOf, type SnsMessage } from './sns-message.js';

/** Reads a PEM from SNS; rejects when it cannot be had. */
export type FetchPem = (url: string) => Promise<string>;

const KINDS: Readonly<Record<string, MailKind>> = {
  Send: 'sent',
  Open: 'opened',
  Click: 'clicked',
  Bounce: 'bounced',
  Received: 'received',
};

/**
 * SES through SNS: RSA with SHA-256 (SignatureVersion 2) over the members in their fixed order. A redelivery has the same MessageId
 * and is the same event, so an old message that comes again changes nothing.
 */
export function ses(fetchPem: FetchPem): Provider {
  const known = new Map<string, KeyObject>();
  const keyOf = async (url: string): Promise<KeyObject> => {
    const key = known.get(url) ?? publicKeyOf(await fetchPem(url));
    if (known.size > 20) known.clear();
    known.set(url, key);
    return key;
  };
  return {
    async verify({ body }, endpoint) {
      const json = parseJson(body);
      if (json === undefined) return { outcome: 'unparsable' };
      const message = snsMessageOf(json);
      if (message === undefined || !isExpected(message, endpoint)) return REFUSED;
      try {
        const key = endpoint.certificate === undefined ? await keyOf(message.certificateUrl) : publicKeyOf(endpoint.certificate);
        return isSigned(message, key);
      } catch {
        return { outcome: 'unavailable' };
      }
    },
    read({ body }) {
      const message = snsMessageOf(parseJson(body));
      if (message === undefined) return { outcome: 'unparsable' };
      if (message.type === 'SubscriptionConfirmation') {
        const url = message.subscribeUrl ?? '';
        return isSnsUrl(url) ? { outcome: 'confirm', url } : { outcome: 'unparsable' };
      }
      if (message.type !== 'Notification') return { outcome: 'events', events: [] };
      const record = parseJson(Buffer.from(message.message));
      // SNS says so itself when a destination is first made, in plain words
      if (!isObject(record)) return { outcome: 'events', events: [] };
      return { outcome: 'events', events: [readRecord(record, message.messageId)] };
    },
  };
}

function isExpected(message: SnsMessage, { topicArns }: Endpoint): boolean {
  return message.signatureVersion === '2' && topicArns.includes(message.topicArn) && isCertificateUrl(message.certificateUrl);
}

function isSigned({ signed, signature }: SnsMessage, key: KeyObject): Verdict {
  return verify('sha256', Buffer.from(signed), key, strictBase64(signature)) ? GENUINE : REFUSED;
}

function publicKeyOf(pem: string): KeyObject {
  return pem.includes('CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
}

function readRecord(record: Json, messageId: string): MailEvent {
  const name = textOf(record['eventType']) ?? textOf(record['notificationType']) ?? 'unknown';
  const mail = objectOf(record['mail']);
  const headers = objectOf(mail['commonHeaders']);
  const happening = objectOf(record[name.charAt(0).toLowerCase() + name.slice(1)]);
  const bounced = Array.isArray(happening['bouncedRecipients']) ? objectOf(happening['bouncedRecipients'][0]) : {};
  return {
    kind: KINDS[name] ?? null,
    name,
    eventId: messageId,
    messageIds: messageIdsOf(mail['messageId'], name === 'Received' ? headers['messageId'] : undefined),
    time: timeOfText(happening['timestamp'] ?? mail['timestamp']),
    subject: textOf(headers['subject']),
    recipient: textOf(Array.isArray(mail['destination']) ? mail['destination'][0] : undefined),
    url: textOf(happening['link']),
    userAgent: textOf(happening['userAgent']),
    ip: textOf(happening['ipAddress']),
    bounceType: bounceTypeOf(happening),
    reason: textOf(bounced['diagnosticCode']) ?? textOf(happening['bounceSubType']),
    inReplyTo: messageIdsOf(headerOf(mail, 'in-reply-to'))[0],
    metadata: firstOfEach(objectOf(mail['tags'])),
  };
}

function bounceTypeOf({ bounceType, bounceSubType }: Json): 'hard' | 'soft' | 'block' {
  if (bounceType === 'Permanent') return bounceSubType === 'Suppressed' || bounceSubType === 'OnAccountSuppressionList' ? 'block' : 'hard';
  return bounceSubType === 'ContentRejected' ? 'block' : 'soft';
}

/** SES gives every tag a list of values. */
function firstOfEach(tags: Json): Json {
  return Object.fromEntries(Object.entries(tags).map(([name, values]) => [name, Array.isArray(values) ? (values[0] as unknown) : values]));
}

function headerOf({ headers }: Json, name: string): unknown {
  if (!Array.isArray(headers)) return undefined;
  return headers.filter(isObject).find((header) => textOf(header['name'])?.toLowerCase() === name)?.['value'];
}
