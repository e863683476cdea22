import { buildEvent, type EntityRef, type EventInput, type EventRecord, type EventType } from '#libs/contracts';
import type { MailEvent, MailKind } from '../providers/provider.js';

/** A mail event that the catalogue has a type for. */
export type MappedEvent = MailEvent & { readonly kind: MailKind };

export interface Placed {
  readonly tenantId: string;
  /** `/webhooks/<provider>`. */
  readonly source: string;
  readonly event: MappedEvent;
}

const ACTOR = { type: 'system', id: 'email-webhook' } as const;

/** The record of an event on the timelines of `refs`, the primary one first, and on its thread. `idSuffix` tells apart what is published twice. */
export function recordOf(placed: Placed, refs: readonly EntityRef[], idSuffix = ''): EventRecord {
  const { event } = placed;
  const entities = withThread(refs, event);
  switch (event.kind) {
    case 'sent':
      return build(placed, 'email.sent', entities, idSuffix, { messageId: messageId(event), ...subject(event), ...to(event) });
    case 'opened':
      return build(placed, 'email.opened', entities, idSuffix, { messageId: messageId(event), ...subject(event), ...reader(event) });
    case 'clicked':
      return build(placed, 'email.clicked', entities, idSuffix, {
        messageId: messageId(event),
        url: event.url ?? '',
        ...subject(event),
        ...reader(event),
      });
    case 'bounced':
      return build(placed, 'email.bounced', entities, idSuffix, {
        messageId: messageId(event),
        bounceType: event.bounceType ?? 'hard',
        ...(event.reason !== undefined && { reason: withoutAddresses(event.reason).slice(0, 500) }),
        ...subject(event),
      });
    case 'received':
      return build(placed, 'email.received', entities, idSuffix, {
        messageId: messageId(event),
        ...(event.inReplyTo !== undefined && { inReplyTo: event.inReplyTo }),
        ...subject(event),
        ...(event.snippet !== undefined && { snippet: event.snippet }),
      });
  }
}

/** Takes the one that stood on its thread off again: the same happening now stands on the timelines it belongs to. */
export function retractionOf({ tenantId, source, event }: Placed): EventRecord {
  return buildEvent({
    type: 'activity.retracted',
    id: `${event.eventId}/joined/retraction`,
    source,
    tenantId,
    actor: ACTOR,
    entities: [threadOf(event)],
    payload: { targetEventId: event.eventId, reason: 'its sender is known now: it stands on their timelines' },
    ...(event.time !== null && { time: event.time }),
  });
}

export const JOINED = '/joined';

function build<T extends EventType>(
  { tenantId, source, event }: Placed,
  type: T,
  entities: readonly [EntityRef, ...EntityRef[]],
  idSuffix: string,
  payload: EventInput<T>['payload'],
): EventRecord {
  const time = event.time === null ? {} : { time: event.time };
  return buildEvent({ type, id: event.eventId + idSuffix, source, tenantId, actor: ACTOR, entities, payload, ...time });
}

function withThread(refs: readonly EntityRef[], event: MailEvent): readonly [EntityRef, ...EntityRef[]] {
  const [first, ...rest] = refs;
  const thread = threadOf(event);
  if (first === undefined) return [thread];
  return refs.some(({ type }) => type === 'email_thread') ? [first, ...rest] : [first, ...rest, thread];
}

const messageId = ({ messageIds }: MailEvent): string => messageIds[0] ?? '';
const threadOf = (event: MailEvent): EntityRef => ({ type: 'email_thread', id: messageId(event).slice(0, 255) });

const subject = (event: MailEvent): { emailSubject?: string } => (event.subject === undefined ? {} : { emailSubject: event.subject });
const to = ({ recipient }: MailEvent): { to?: string[] } => (recipient === undefined ? {} : { to: [recipient] });

function reader({ machine, userAgent, ip }: MailEvent): { machine?: boolean; userAgent?: string; ip?: string } {
  return {
    ...(isMachine(machine, userAgent) && { machine: true }),
    ...(userAgent !== undefined && { userAgent }),
    ...(ip !== undefined && { ip }),
  };
}

/** Scanners and prefetching proxies open and click what no person has read. The bare `Mozilla/5.0` is Apple's privacy proxy. */
const MACHINES =
  /^Mozilla\/5\.0$|bot\b|barracuda|mimecast|proofpoint|safelinks|ironport|symantec|trend ?micro|forcepoint|python|curl|go-http/i;

export function isMachine(said: boolean | undefined, userAgent: string | undefined): boolean {
  return said === true || (userAgent !== undefined && MACHINES.test(userAgent));
}

/** Servers repeat the address in what they answer; the field is not marked as personal. */
function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>()"',;:]+@[^\s<>()"',;:]+/g, '…');
}
