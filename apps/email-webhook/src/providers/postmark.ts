import { createHash } from 'node:crypto';
import { isObject, messageIdsOf, objectOf, parseJson, textOf, timeOfText, type Json } from './json-values.js';
import { GENUINE, REFUSED, type MailEvent, type MailKind, type Provider } from './provider.js';
import { sameText } from './signatures.js';

const KINDS: Readonly<Record<string, MailKind>> = { Open: 'opened', Click: 'clicked', Bounce: 'bounced', Inbound: 'received' };
const BOUNCES: Readonly<Record<string, 'hard' | 'soft' | 'block'>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  Blocked: 'block',
  SpamNotification: 'block',
  ManuallyDeactivated: 'block',
  DMARCPolicy: 'block',
};

/** Basic authentication; nothing is signed. Opens and clicks carry no id: what they say is their identity. */
export const postmark: Provider = {
  verify({ headers }, { user, password }) {
    if (user === undefined || password === undefined) return REFUSED;
    const expected = Buffer.from(`${user}:${password}`).toString('base64');
    const given = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
    return sameText(given, expected) ? GENUINE : REFUSED;
  },

  read({ body }) {
    const json = parseJson(body);
    if (!isObject(json) || (textOf(json['RecordType']) === undefined && textOf(json['MessageID']) === undefined)) {
      return { outcome: 'unparsable' };
    }
    return { outcome: 'events', events: [readRecord(json)] };
  },
};

function readRecord(record: Json): MailEvent {
  // the inbound webhook is older than the member that names the others
  const name = textOf(record['RecordType']) ?? 'Inbound';
  const time = timeOfText(record['ReceivedAt'] ?? record['BouncedAt'] ?? record['DeliveredAt'] ?? record['ChangedAt'] ?? record['Date']);
  return {
    kind: KINDS[name] ?? null,
    name,
    eventId: eventIdOf(name, record),
    messageIds: messageIdsOf(headerOf(record, 'Message-ID'), record['MessageID']),
    time,
    subject: textOf(record['Subject']),
    recipient: textOf(record['Recipient']) ?? textOf(record['Email']),
    url: textOf(record['OriginalLink']),
    userAgent: textOf(record['UserAgent']),
    ip: textOf(objectOf(record['Geo'])['IP']),
    bounceType: BOUNCES[textOf(record['Type']) ?? ''] ?? 'soft',
    reason: textOf(record['Description']),
    inReplyTo: messageIdsOf(headerOf(record, 'In-Reply-To'))[0],
    snippet: name === 'Inbound' ? textOf(record['StrippedTextReply'])?.slice(0, 500) : undefined,
    metadata: objectOf(record['Metadata']),
  };
}

function eventIdOf(name: string, record: Json): string {
  const id = textOf(record['ID']);
  if (id !== undefined) return `${name}-${id}`;
  const said = ['MessageID', 'Recipient', 'ReceivedAt', 'DeliveredAt', 'ChangedAt', 'OriginalLink', 'UserAgent'].map((key) => record[key]);
  return `${name}-${createHash('sha256').update(JSON.stringify(said)).digest('hex')}`;
}

function headerOf({ Headers: headers }: Json, name: string): unknown {
  if (!Array.isArray(headers)) return undefined;
  const found = headers.find((header) => isObject(header) && textOf(header['Name'])?.toLowerCase() === name.toLowerCase()) as unknown;
  return objectOf(found)['Value'];
}
