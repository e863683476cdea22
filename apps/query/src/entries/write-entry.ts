import {
  cloudEvent,
  contentJson,
  decodeRecord,
  newestVersion,
  STRUCTURED_CONTENT_TYPE,
  type ActivityEvent,
  type Actor,
  type EntityRef,
  type EventRecord,
  type Rejection,
} from '#libs/contracts';
import { isUnlucky, type EventRow } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { lookUntil, Watch } from '../live/watch.js';
import type { QueryParts } from '../query-parts.js';
import { contentOfRow } from './content-of-row.js';
import { identityOf, MANAGE_SOURCE, type EntryIdentity } from './identity.js';

export interface EntryDraft {
  /** Canonical name of a type that the tenant has. */
  readonly type: string;
  /** Primary first. */
  readonly entities: readonly [EntityRef, ...EntityRef[]];
  readonly payload: Readonly<Record<string, unknown>>;
  readonly summary?: string | undefined;
  /** When it happened, RFC 3339. Left out: when it is published. */
  readonly time?: string | undefined;
}

export interface EntryWish {
  /** Makes a repeat harmless. */
  readonly key?: string | undefined;
  /** `id`: the one under which the entry will be read. */
  readonly draft: (id: string) => EntryDraft;
  /** What has to hold for a new entry, checked before anything is published; throws what ends the request. */
  readonly check?: () => Promise<void>;
}

export type Written =
  | { readonly outcome: 'written'; readonly row: EventRow; readonly repeated: boolean }
  /** Kafka has it; it did not reach the log in time. */
  | { readonly outcome: 'pending'; readonly id: string }
  /** Ingest would refuse it: nothing was published. */
  | { readonly outcome: 'refused'; readonly rejection: Rejection }
  /** The key names an entry of other content. */
  | { readonly outcome: 'conflict' }
  /** `maybe`: Kafka may have it all the same. */
  | { readonly outcome: 'unavailable'; readonly maybe: boolean };

export type WriteParts = Pick<QueryParts, 'store' | 'publisher' | 'wakes' | 'waits' | 'types'>;

/**
 * Publishes a hand-made entry and waits until it stands in the log. The query app writes nothing itself: what ingest takes is
 * taken here, by the same decoder, and what it would refuse is not published. Rejects while the database is away.
 */
export async function writeEntry(parts: WriteParts, principal: Principal, wish: EntryWish): Promise<Written> {
  const nowMs = Date.now();
  const identity = identityOf(principal, wish.key, nowMs);
  const record = recordOf(parts, principal, identity, wish.draft(identity.id), nowMs);
  const decoded = decodeRecord({ ...record, value: Buffer.from(record.value), timestampMs: nowMs }, { nowMs, registry: parts.types });
  if (decoded.outcome !== 'accepted') return { outcome: 'refused', rejection: rejectionOf(decoded) };
  if (wish.key !== undefined) {
    const known = await entryOf(parts, principal, identity);
    if (known !== null) return compared(known, decoded.event, true);
  }
  await wish.check?.();
  return publishAndWait(parts, principal, identity, record, decoded.event);
}

function recordOf(
  { types }: WriteParts,
  principal: Principal,
  { sourceId }: EntryIdentity,
  { type, entities, payload, summary, time }: EntryDraft,
  nowMs: number,
): EventRecord {
  const { tenantId } = principal;
  const definition = types.resolve(type, tenantId);
  if (definition === undefined) throw new Error(`${type} is no type of this tenant`);
  const event = cloudEvent({
    type,
    version: newestVersion(definition),
    id: sourceId,
    source: MANAGE_SOURCE,
    tenantId,
    entities,
    payload,
    actor: actorOf(principal),
    recordedTime: new Date(nowMs).toISOString(),
    ...(summary !== undefined && { summary }),
    ...(time !== undefined && { time }),
  });
  return {
    topic: definition.topic,
    key: tenantId,
    headers: { 'content-type': STRUCTURED_CONTENT_TYPE },
    value: JSON.stringify(event),
  };
}

/** Whoever holds the token, and nobody else. */
export function actorOf({ kind, userId }: Principal): Actor {
  return { type: kind === 'service' ? 'system' : 'human', id: userId };
}

function rejectionOf(decoded: { readonly outcome: string; readonly rejection?: Rejection }): Rejection {
  if (decoded.rejection === undefined) throw new Error('a record that was just built cannot be empty');
  return decoded.rejection;
}

/** Watches before it publishes: an entry that is in the log before the first look is seen by that look. */
async function publishAndWait(
  parts: WriteParts,
  principal: Principal,
  identity: EntryIdentity,
  record: EventRecord,
  event: ActivityEvent,
): Promise<Written> {
  const deadline = Date.now() + parts.waits.writeMs;
  const watch = new Watch(parts.wakes, principal.tenantId);
  try {
    const sent = await publish(parts, record);
    if (sent !== 'sent') return { outcome: 'unavailable', maybe: sent === 'unknown' };
    const look = () => entryOf(parts, principal, identity).catch(nothingWhereUnlucky);
    const found = await lookUntil(watch, deadline - Date.now(), look);
    return found === null ? { outcome: 'pending', id: identity.id } : compared(found, event, false);
  } finally {
    watch.close();
  }
}

/** The entry is on its way, whatever becomes of the look: 202, not an error. */
function nothingWhereUnlucky(error: unknown): null {
  if (isUnlucky(error)) return null;
  throw error;
}

async function publish({ publisher, waits }: WriteParts, record: EventRecord): Promise<'sent' | 'not-sent' | 'unknown'> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), waits.writeMs);
  const late = new Promise<'unknown'>((resolve) => timeout.signal.addEventListener('abort', () => resolve('unknown')));
  let handedOver = false;
  const sent = publisher.publish(record, { signal: timeout.signal, onSend: () => (handedOver = true) }).then(
    () => 'sent' as const,
    () => 'unknown' as const,
  );
  const outcome = await Promise.race([sent, late]);
  clearTimeout(timer);
  return outcome === 'unknown' && !handedOver ? 'not-sent' : outcome;
}

function entryOf({ store }: WriteParts, { tenantId }: Principal, { id }: EntryIdentity): Promise<EventRow | null> {
  return store.eventById({ tenantId, audience: 'staff' }, id);
}

/** Under one key only one content: ingest keeps the first, and so does this answer. */
function compared(row: EventRow, event: ActivityEvent, repeated: boolean): Written {
  const stored = contentOfRow(row);
  if (stored !== null && stored !== contentJson(event)) return { outcome: 'conflict' };
  return { outcome: 'written', row, repeated };
}
