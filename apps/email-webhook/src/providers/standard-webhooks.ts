import { isObject, messageIdsOf, objectOf, parseJson, textOf, timeOfText, type Json } from './json-values.js';
import { GENUINE, REFUSED, type Callback, type MailEvent, type MailKind, type Provider } from './provider.js';
import { FIVE_MINUTES_MS, hmacSha256, isFresh, sameText } from './signatures.js';

const KINDS: Readonly<Record<string, MailKind>> = {
  'email.sent': 'sent',
  'email.opened': 'opened',
  'email.clicked': 'clicked',
  'email.bounced': 'bounced',
  'email.received': 'received',
};

/** HMAC-SHA-256 over id, timestamp and body (standardwebhooks.com; Svix and Resend put another prefix before the headers' names). */
export function standardWebhooks(prefix: 'webhook' | 'svix'): Provider {
  const header = ({ headers }: Callback, name: string): string => headers[`${prefix}-${name}`] ?? '';
  return {
    verify(callback, { secrets }) {
      const [id, timestamp] = [header(callback, 'id'), header(callback, 'timestamp')];
      if (id === '' || !isFresh(timestamp, callback.nowMs, FIVE_MINUTES_MS)) return REFUSED;
      // several signatures, and several keys while they are rotated: any pair will do, and all are compared
      const given = header(callback, 'signature').split(' ').flatMap(versionOne);
      const expected = secrets.map((secret) => hmacSha256(keyOf(secret), `${id}.${timestamp}.`, callback.body).toString('base64'));
      const same = expected.flatMap((one) => given.map((other) => sameText(one, other)));
      return same.includes(true) ? GENUINE : REFUSED;
    },
    read(callback) {
      const json = parseJson(callback.body);
      if (!isObject(json) || textOf(json['type']) === undefined) return { outcome: 'unparsable' };
      return { outcome: 'events', events: [readMessage(json, header(callback, 'id'))] };
    },
  };
}

function versionOne(signature: string): string[] {
  return signature.startsWith('v1,') ? [signature.slice(3)] : [];
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

function readMessage(message: Json, webhookId: string): MailEvent {
  const name = textOf(message['type']) ?? 'unknown';
  const data = objectOf(message['data']);
  const happening = objectOf(data['click'] ?? data['open']);
  const bounce = objectOf(data['bounce']);
  return {
    kind: KINDS[name] ?? null,
    name,
    eventId: webhookId,
    messageIds: messageIdsOf(data['email_id'], data['messageId'], data['message_id']),
    time: timeOfText(happening['timestamp'] ?? message['created_at'] ?? message['timestamp']),
    subject: textOf(data['subject']),
    recipient: textOf(Array.isArray(data['to']) ? data['to'][0] : data['to']),
    url: textOf(happening['link']) ?? textOf(data['url']),
    userAgent: textOf(happening['userAgent']) ?? textOf(data['userAgent']),
    ip: textOf(happening['ipAddress']) ?? textOf(data['ip']),
    machine: data['machine'] === true,
    bounceType: bounceTypeOf(textOf(bounce['type']) ?? textOf(data['bounceType'])),
    reason: textOf(bounce['message']) ?? textOf(data['reason']),
    inReplyTo: messageIdsOf(data['in_reply_to'], data['inReplyTo'])[0],
    snippet: textOf(data['snippet']),
    metadata: { ...tagsOf(data['tags']), ...objectOf(data['metadata']) },
  };
}

function bounceTypeOf(type: string | undefined): 'hard' | 'soft' | 'block' {
  if (type === 'block') return 'block';
  return type === 'soft' || type === 'Transient' || type === 'Undetermined' ? 'soft' : 'hard';
}

/** Resend writes tags as a list of names and values, or as an object. */
function tagsOf(tags: unknown): Json {
  if (!Array.isArray(tags)) return objectOf(tags);
  return Object.fromEntries(tags.filter(isObject).map((tag) => [textOf(tag['name']) ?? '', tag['value']]));
}
