import { isObject, messageIdsOf, objectOf, parseJson, textOf, timeOfSeconds, type Json } from './json-values.js';
import { REFUSED, type MailEvent, type MailKind, type Provider } from './provider.js';
import { hmacSha256, isFresh, sameText } from './signatures.js';

const KINDS: Readonly<Record<string, MailKind>> = {
  accepted: 'sent',
  opened: 'opened',
  clicked: 'clicked',
  failed: 'bounced',
};

/** Mailgun tries again for eight hours. Within that time its tokens are good once, see `useToken`. */
const TOLERANCE_MS = 9 * 3_600_000;

/** HMAC-SHA-256 over timestamp and token. It does not cover the body: so a token is good for one body only. */
export const mailgun: Provider = {
  verify({ body, nowMs }, { secrets }) {
    const json = parseJson(body);
    if (!isObject(json)) return { outcome: 'unparsable' };
    const { timestamp: stamp, token, signature } = objectOf(json['signature']);
    const timestamp = textOf(stamp);
    if (timestamp === undefined || typeof token !== 'string' || typeof signature !== 'string' || token === '') return REFUSED;
    if (!isFresh(timestamp, nowMs, TOLERANCE_MS)) return REFUSED;
    const signed = secrets.map((secret) => sameText(hmacSha256(secret, timestamp, token).toString('hex'), signature));
    return signed.includes(true) ? { outcome: 'genuine', once: token } : REFUSED;
  },

  read({ body }) {
    const json = parseJson(body);
    const event = isObject(json) ? json['event-data'] : undefined;
    if (!isObject(event) || textOf(event['event']) === undefined || textOf(event['id']) === undefined) return { outcome: 'unparsable' };
    return { outcome: 'events', events: [readEvent(event)] };
  },
};

function readEvent(event: Json): MailEvent {
  const name = textOf(event['event']) ?? 'unknown';
  const headers = objectOf(objectOf(event['message'])['headers']);
  const client = objectOf(event['client-info']);
  const status = objectOf(event['delivery-status']);
  const permanent = event['severity'] === 'permanent';
  return {
    kind: KINDS[name] ?? null,
    name: name === 'failed' ? `failed ${permanent ? 'permanent' : 'temporary'}` : name,
    eventId: textOf(event['id']) ?? '',
    messageIds: messageIdsOf(headers['message-id']),
    time: timeOfSeconds(event['timestamp']),
    subject: textOf(headers['subject']),
    recipient: textOf(event['recipient']),
    url: textOf(event['url']),
    userAgent: textOf(client['user-agent']),
    ip: textOf(event['ip']),
    machine: textOf(client['bot']) !== undefined,
    bounceType: permanent ? (event['reason'] === 'suppress-bounce' ? 'block' : 'hard') : 'soft',
    reason: textOf(status['description']) ?? textOf(status['message']) ?? textOf(event['reason']),
    metadata: objectOf(event['user-variables']),
  };
}
