import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';

export interface SignedBatch {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** What the endpoint's configuration holds. */
export const PUBLIC_KEY = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

export const BATCH = 100;

/** A batch of SendGrid's event webhook as it would come now: opens and clicks of invented people, half of them with the sender's references. */
export function signBatch(): SignedBatch {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify(Array.from({ length: BATCH }, (_, nth) => eventOf(nth, Number(timestamp))));
  const signature = createSign('sha256')
    .update(timestamp + body)
    .sign(privateKey, 'base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': timestamp,
    },
  };
}

function eventOf(nth: number, timestamp: number): object {
  const contact = nth % 2 === 0 ? { annals_contact: `contact-${nth}`, annals_account: `acc-${nth % 7}` } : {};
  return {
    email: `person-${nth}@example.com`,
    timestamp: timestamp - nth,
    event: nth % 3 === 0 ? 'click' : 'open',
    ...(nth % 3 === 0 && { url: `https://example.com/pages/${nth}` }),
    useragent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    ip: '192.0.2.7',
    sg_event_id: randomUUID(),
    sg_message_id: `message-${nth % 50}.filter0001.16648.5515E0B88.0`,
    category: ['welcome'],
    ...contact,
  };
}
