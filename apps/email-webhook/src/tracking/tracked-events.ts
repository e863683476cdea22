import { randomUUID } from 'node:crypto';
import { buildEvent, type EventRecord } from '#libs/contracts';
import type { TrackedMail } from '#libs/tracking';
import { isMachine } from '../mail/to-record.js';

export interface Reader {
  readonly userAgent: string | undefined;
  readonly ip: string | undefined;
  /** RFC 3339. */
  readonly time: string;
}

const SOURCE = '/webhooks/tracking';

/** Every time a pixel is loaded is an open of its own: reading again is news, and readers fold repeats. */
export function openedBy(mail: TrackedMail, reader: Reader): EventRecord {
  return buildEvent({ ...told(mail, reader), type: 'email.opened', payload: { ...about(mail, reader), openedVia: 'pixel' } });
}

export function clickedBy(mail: TrackedMail & { readonly url: string }, reader: Reader): EventRecord {
  return buildEvent({ ...told(mail, reader), type: 'email.clicked', payload: { ...about(mail, reader), url: mail.url } });
}

function told({ tenantId, entities }: TrackedMail, { time }: Reader) {
  return { id: randomUUID(), source: SOURCE, tenantId, entities, time, actor: { type: 'system', id: 'tracking' } } as const;
}

function about({ messageId, subject }: TrackedMail, { userAgent, ip }: Reader) {
  return {
    messageId,
    ...(subject !== undefined && { emailSubject: subject }),
    ...(isMachine(undefined, userAgent) && { machine: true }),
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 500) }),
    ...(ip !== undefined && { ip }),
  };
}
