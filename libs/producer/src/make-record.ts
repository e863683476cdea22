import {
  type AnyEventInput,
  cloudEvent,
  CUSTOM_TOPIC,
  type Decoded,
  decodeRecord,
  decodeStructured,
  ENTITY_TYPES,
  type EntityRef,
  type EventDefinition,
  eventDefinition,
  type InputTopic,
  MAX_RECORD_BYTES,
  nearTypeNames,
  newestVersion,
  STRUCTURED_CONTENT_TYPE,
  type TypeRegistry,
} from '#libs/contracts';
import { customDefinition, isCustomType } from './custom-definition.js';
import type { CustomDraft, DraftAttributes } from './event-draft.js';
import { InvalidEvent } from './failures.js';
import { uuidV7 } from './ids.js';
import { isPlainJson } from './is-plain-json.js';

/** What every event of a producer has in common. */
export interface Origin {
  /** Who makes these events, `/producers/<name>`; part of their identity, so never rename it. */
  readonly source: string;
  /** UUID of the tenant of every event that names none. */
  readonly tenantId?: string;
  /** The `traceparent` of the work that goes on, asked for each event that gives none. */
  readonly traceparent?: () => string | undefined;
}

/** A checked event as the record that carries it. */
export interface MadeRecord {
  readonly id: string;
  readonly type: string;
  /** Without the prefix of an installation. */
  readonly topic: InputTopic;
  /** The tenant. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A CloudEvent in structured mode. */
  readonly value: string;
  /** Milliseconds since the Unix epoch: the record's own time, and when the event was made. */
  readonly madeMs: number;
}

type Draft = DraftAttributes & Pick<CustomDraft, 'payload' | 'version'>;

/** Makes the record of one event, after the checks that ingest would make. Throws InvalidEvent. */
export function makeRecord(origin: Origin, type: string, draft: Draft, nowMs: number): MadeRecord {
  const definition = definitionOf(type, draft.version);
  const input = inputOf(origin, type, definition, draft, nowMs);
  const event = cloudEvent(input);
  const value = textOf(event, type);
  const decoded = check(event, input, value, definition, nowMs);
  if (decoded.outcome !== 'accepted') {
    const whole = { reason: 'not_json', schemaPath: '', message: 'is no event' } as const;
    throw new InvalidEvent(type, decoded.outcome === 'rejected' ? decoded.rejection : whole);
  }
  const { tenantId, traceparent } = decoded.event;
  const headers = traceparent === null ? HEADERS : { 'content-type': STRUCTURED_CONTENT_TYPE, traceparent };
  return { id: input.id, type: definition.type, topic: definition.topic, key: tenantId, headers, value, madeMs: nowMs };
}

function textOf(event: object, type: string): string {
  try {
    return JSON.stringify(event);
  } catch {
    throw new InvalidEvent(type, { reason: 'not_json', schemaPath: '/data/payload', message: 'cannot be written as JSON' });
  }
}

const HEADERS = { 'content-type': STRUCTURED_CONTENT_TYPE };

function definitionOf(type: string, version = 1): EventDefinition {
  const definition = isCustomType(type) ? customDefinition(type, version) : eventDefinition(type);
  if (definition) return definition;
  const near = typeof type === 'string' ? nearTypeNames(type) : [];
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  throw new InvalidEvent(type, { reason: 'unknown_type', schemaPath: '/type', message: `there is no such type${hint}` });
}

/** One literal: objects put together by spreading cost V8 more than all checks. */
function inputOf(origin: Origin, type: string, definition: EventDefinition, draft: Draft, nowMs: number): AnyEventInput {
  const { time } = draft;
  return {
    id: draft.id ?? uuidV7(nowMs),
    source: origin.source,
    type: definition.type,
    version: draft.version ?? newestVersion(definition),
    tenantId: draft.tenantId ?? origin.tenantId ?? '',
    entities: entitiesOf(draft, definition),
    payload: draft.payload,
    actor: draft.actor,
    time: time instanceof Date ? isoOf(time, type) : time,
    recordedTime: isoNow(nowMs),
    summary: draft.summary,
    correlationId: draft.correlationId,
    causationId: draft.causationId,
    traceparent: draft.traceparent ?? origin.traceparent?.(),
    ingestMode: draft.ingestMode,
  };
}

let lastMs = Number.NaN;
let lastText = '';

/** Many events are made within one millisecond. */
function isoNow(nowMs: number): string {
  if (nowMs !== lastMs) {
    lastText = new Date(nowMs).toISOString();
    lastMs = nowMs;
  }
  return lastText;
}

function isoOf(time: Date, type: string): string {
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new InvalidEvent(type, { reason: 'bad_time', schemaPath: '/time', message: 'is no date' });
}

/** The primary first: the first reference that the type can be about, one without a role before one with, as ingest chooses. */
function entitiesOf(draft: Draft, definition: EventDefinition): AnyEventInput['entities'] {
  const listed: unknown = draft.entities ?? [];
  if (!Array.isArray(listed)) throw badEntities(definition, '', 'must be a list');
  const broken = listed.findIndex((ref) => !isReference(ref));
  if (broken >= 0) throw badEntities(definition, `/${broken}`, 'must be a reference with type and id');
  const all = [...(listed as EntityRef[])];
  for (const type of ENTITY_TYPES) {
    const id: unknown = draft[type];
    if (id === undefined) continue;
    if (typeof id !== 'string') {
      throw new InvalidEvent(definition.type, { reason: 'bad_entities', schemaPath: `/${type}`, message: 'must be the text of an id' });
    }
    all.push({ type, id });
  }
  const [primary] = all.splice(Math.max(0, primaryAt(all, definition)), 1);
  if (primary === undefined) throw badEntities(definition, '', `must name what it is about: ${definition.primary.join(', ')}`);
  return [primary, ...all];
}

/** An id that is no text may not even be printable: it must not get as far as the subject. */
function isReference(ref: unknown): boolean {
  if (typeof ref !== 'object' || ref === null) return false;
  const { type, id } = ref as { readonly type?: unknown; readonly id?: unknown };
  return typeof type === 'string' && typeof id === 'string';
}

function badEntities({ type }: EventDefinition, at: string, message: string): InvalidEvent {
  return new InvalidEvent(type, { reason: 'bad_entities', schemaPath: `/data/entities${at}`, message });
}

function primaryAt(refs: readonly EntityRef[], { primary, standIn = [] }: EventDefinition): number {
  const indexOf = (types: readonly string[], isFit: (ref: EntityRef) => boolean): number =>
    refs.findIndex((ref) => types.includes(ref.type) && isFit(ref));
  const said = refs.findIndex((ref) => ref.role === 'primary');
  if (said >= 0) return said;
  const plain = indexOf(primary, ({ role }) => role === undefined);
  const any = plain >= 0 ? plain : indexOf(primary, () => true);
  return any >= 0 ? any : indexOf(standIn, () => true);
}

const utf8 = new TextEncoder();

/** By way of the text only where the object may not be what its JSON says. */
function check(
  event: ReturnType<typeof cloudEvent>,
  { entities, payload }: AnyEventInput,
  value: string,
  definition: EventDefinition,
  nowMs: number,
): Decoded {
  const carrier = { topic: definition.topic, timestampMs: nowMs };
  const options = definition.topic === CUSTOM_TOPIC ? { nowMs, registry: only(definition) } : { nowMs };
  const isEasy = value.length * 3 <= MAX_RECORD_BYTES && !value.includes('\\u') && !value.includes('__proto__');
  if (isEasy && isPlainJson(payload) && isPlainJson(entities)) return decodeStructured(event, carrier, options);
  return decodeRecord({ ...carrier, value: utf8.encode(value), headers: HEADERS }, options);
}

function only(definition: EventDefinition): TypeRegistry {
  return { resolve: (name) => (name === definition.type ? definition : undefined) };
}
