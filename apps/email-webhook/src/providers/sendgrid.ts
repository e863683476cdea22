import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { isObject, messageIdsOf, numberOf, parseJson, textOf, timeOfSeconds, type Json } from './json-values.js';
import { GENUINE, REFUSED, type MailEvent, type MailKind, type Provider } from './provider.js';
import { FIVE_MINUTES_MS, isFresh } from './signatures.js';

const KINDS: Readonly<Record<string, MailKind>> = {
  processed: 'sent',
  open: 'opened',
  click: 'clicked',
  bounce: 'bounced',
};
/** Members of SendGrid's own; the others are the sender's custom arguments. */
const OWN = new Set(['email', 'event', 'ip', 'useragent', 'url', 'reason', 'status', 'type', 'timestamp', 'tls', 'attempt', 'response']);

/** Event webhook with ECDSA (P-256, SHA-256) over timestamp and body. */
export const sendgrid: Provider = {
  verify({ body, headers, nowMs }, { publicKey }) {
    const signature = headers['x-twilio-email-event-webhook-signature'];
    const timestamp = headers['x-twilio-email-event-webhook-timestamp'];
    if (publicKey === undefined || signature === undefined || timestamp === undefined) return REFUSED;
    const key = keyOf(publicKey);
    if (key === undefined || !isFresh(timestamp, nowMs, FIVE_MINUTES_MS)) return REFUSED;
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    return verify('sha256', signed, key, strictBase64(signature)) ? GENUINE : REFUSED;
  },

  read({ body }) {
    const list = parseJson(body);
    if (!Array.isArray(list) || !list.every(isObject)) return { outcome: 'unparsable' };
    return { outcome: 'events', events: list.map(readEvent) };
  },
};

const keys = new Map<string, KeyObject | undefined>();

/** Read once: importing a key costs as much as verifying with it. */
function keyOf(text: string): KeyObject | undefined {
  if (!keys.has(text)) keys.set(text, importKey(text));
  return keys.get(text);
}

function importKey(text: string): KeyObject | undefined {
  try {
    return text.includes('-----BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Empty, which verifies nothing, unless the text is the one way to write its bytes. */
export function strictBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : Buffer.alloc(0);
}

function readEvent(event: Json): MailEvent {
  const name = textOf(event['event']) ?? 'unknown';
  const blocked = event['type'] === 'blocked';
  return {
    kind: KINDS[name] ?? null,
    name,
    eventId: textOf(event['sg_event_id']) ?? digestOf(event),
    messageIds: messageIdsOf(sentMessageId(textOf(event['sg_message_id'])), event['smtp-id']),
    time: timeOfSeconds(event['timestamp']),
    recipient: textOf(event['email']),
    url: textOf(event['url']),
    userAgent: textOf(event['useragent']),
    ip: textOf(event['ip']),
    machine: event['sg_machine_open'] === true,
    bounceType: blocked ? 'block' : hardOrSoft(textOf(event['status'])),
    reason: textOf(event['reason']),
    metadata: Object.fromEntries(Object.entries(event).filter(([member]) => !OWN.has(member) && !member.startsWith('sg_'))),
  };
}

/** A bounce is final at SendGrid; only a status of class 4 says otherwise. */
const hardOrSoft = (status: string | undefined): 'hard' | 'soft' => (status?.startsWith('4') === true ? 'soft' : 'hard');

/** The id that sending answered with stands before the part of the machine that filtered the message. */
function sentMessageId(id: string | undefined): string | undefined {
  return id?.split(/\.(?=filter|recvd)/)[0]?.replace(/^([^.]{20,})\..*$/, '$1');
}

function digestOf(event: Json): string {
  const parts = [event['event'], event['sg_message_id'], event['smtp-id'], event['timestamp'], event['email'], event['url']];
  return createHash('sha256')
    .update(JSON.stringify([...parts, numberOf(event['attempt'])]))
    .digest('hex');
}
