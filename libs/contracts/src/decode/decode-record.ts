import type { EventDefinition } from '../event-definition.js';
import type { ActivityEvent, Decoded, WireRecord } from '../event.js';
import { builtInTypes, type TypeRegistry } from '../registry.js';
import { checkDocument } from './document-checks.js';
import type { Envelope } from './envelope.js';
import { wireForm } from './headers.js';
import { readActor } from './read-actor.js';
import {
  readIngestMode,
  readOptionalText,
  readRequiredText,
  readSourceId,
  readSummary,
  readTenantId,
  readTraceparent,
} from './read-attributes.js';
import { readBinary } from './read-binary.js';
import { readEntities } from './read-entities.js';
import { readFlat } from './read-flat.js';
import { readPayload } from './read-payload.js';
import { readStructured } from './read-structured.js';
import { readOccurred, readRecorded } from './read-times.js';
import { readAwaited, readDefinition, readVersion } from './read-type.js';
import { recordText } from './record-text.js';
import { isJsonObject, type JsonObject, Refused } from './refused.js';

export interface DecodeOptions {
  /** Our clock, milliseconds since the Unix epoch: only to refuse times more than 24 h ahead. */
  readonly nowMs: number;
  /** The types known; the built-in ones if left out. */
  readonly registry?: TypeRegistry;
}

/** What an event takes from the record that carries it. */
type Carrier = Pick<WireRecord, 'topic' | 'timestampMs'>;

/**
 * Turns one record into an event, whichever of the three wire forms it is in (catalogue § 2), or says why not.
 * Depends on its arguments alone; throws for no input.
 */
export function decodeRecord(record: WireRecord, options: DecodeOptions): Decoded {
  if (record.value === null) return { outcome: 'tombstone' };
  const envelope = readEnvelope(record.value, record.headers);
  return envelope instanceof Refused ? rejected(envelope) : outcomeOf(envelope, record, options);
}

function outcomeOf(envelope: Envelope, record: Carrier, { nowMs, registry = builtInTypes }: DecodeOptions): Decoded {
  const event = readEvent(envelope, record, nowMs, registry);
  return event instanceof Refused ? rejected(event, envelope, registry) : { outcome: 'accepted', event };
}

function rejected({ reason, schemaPath, message }: Refused, envelope?: Envelope, registry = builtInTypes): Decoded {
  const read = envelope && readTenantId(envelope);
  const tenantId = typeof read === 'string' ? read : null;
  const mayCome = reason === 'unknown_type' || reason === 'unknown_version';
  const awaits = mayCome && envelope && tenantId !== null ? readAwaited(envelope, tenantId, registry) : null;
  return { outcome: 'rejected', rejection: { reason, schemaPath, message }, tenantId, awaits };
}

/**
 * What `decodeRecord` says of a record in structured mode whose value is the JSON of `event`, for a producer that has
 * the event as an object: no text is made or read. Says the same only for plain JSON values, with no string in them
 * that JSON escapes by `\u` and no key `__proto__`.
 */
export function decodeStructured(event: JsonObject, record: Carrier, options: DecodeOptions): Decoded {
  const envelope = readStructured(event);
  return envelope instanceof Refused ? rejected(envelope) : outcomeOf(envelope, record, options);
}

function readEnvelope(value: Uint8Array, headers: WireRecord['headers']): Envelope | Refused {
  const text = recordText(value);
  if (text instanceof Refused) return text;
  const root = parse(text);
  if (root instanceof Refused) return root;
  const refused = checkDocument(text, root.json);
  if (refused) return refused;
  if (!isJsonObject(root.json)) return new Refused('wrong_envelope', '', 'the value must be a JSON object');
  const form = wireForm(headers);
  if (form === 'structured') return readStructured(root.json);
  return form === 'binary' ? readBinary(root.json, headers) : readFlat(root.json);
}

function parse(text: string): { readonly json: unknown } | Refused {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return new Refused('not_json', '', 'the value is not JSON');
  }
}

function readEvent(envelope: Envelope, record: Carrier, nowMs: number, registry: TypeRegistry): ActivityEvent | Refused {
  const sourceId = readSourceId(envelope);
  if (sourceId instanceof Refused) return sourceId;
  const source = readRequiredText(envelope, 'source');
  if (source instanceof Refused) return source;
  const tenantId = readTenantId(envelope);
  if (tenantId instanceof Refused) return tenantId;
  const ingestMode = readIngestMode(envelope);
  if (ingestMode instanceof Refused) return ingestMode;
  const sourceType = readRequiredText(envelope, 'type');
  if (sourceType instanceof Refused) return sourceType;
  const definition = readDefinition(envelope, sourceType, tenantId, record.topic, registry);
  if (definition instanceof Refused) return definition;
  const version = readVersion(envelope, definition, tenantId, registry);
  if (version instanceof Refused) return version;
  const happened = readHappening(envelope, record, nowMs);
  if (happened instanceof Refused) return happened;
  const substance = readSubstance(envelope, definition, version);
  if (substance instanceof Refused) return substance;
  // name by name: spreading one object into another costs more than reading the whole event
  const { occurredAt, timeQuality, recordedAt, correlationId, causationId, traceparent } = happened;
  const { actor, entities, summary, payload, customerVisible, effect } = substance;
  return {
    tenantId,
    source,
    sourceId,
    type: definition.type,
    sourceType,
    version,
    ingestMode,
    occurredAt,
    timeQuality,
    recordedAt,
    correlationId,
    causationId,
    traceparent,
    actor,
    entities,
    summary,
    payload,
    customerVisible,
    effect,
  };
}

type Happening = Pick<ActivityEvent, 'occurredAt' | 'timeQuality' | 'recordedAt' | 'correlationId' | 'causationId' | 'traceparent'>;

/** When it happened and what it belongs to. */
function readHappening(envelope: Envelope, record: Carrier, nowMs: number): Happening | Refused {
  const occurred = readOccurred(envelope, record.timestampMs, nowMs);
  if (occurred instanceof Refused) return occurred;
  const recordedAt = readRecorded(envelope);
  if (recordedAt instanceof Refused) return recordedAt;
  const correlationId = readOptionalText(envelope, 'correlationid');
  if (correlationId instanceof Refused) return correlationId;
  const causationId = readOptionalText(envelope, 'causationid');
  if (causationId instanceof Refused) return causationId;
  const { occurredAt, timeQuality } = occurred;
  return { occurredAt, timeQuality, recordedAt, correlationId, causationId, traceparent: readTraceparent(envelope) };
}

type Substance = Pick<ActivityEvent, 'actor' | 'entities' | 'summary' | 'payload' | 'customerVisible' | 'effect'>;

/** Who did what to which records. */
function readSubstance(envelope: Envelope, definition: EventDefinition, version: number): Substance | Refused {
  const actor = readActor(envelope, definition);
  if (actor instanceof Refused) return actor;
  const entities = readEntities(envelope, definition);
  if (entities instanceof Refused) return entities;
  const summary = readSummary(envelope);
  if (summary instanceof Refused) return summary;
  const payload = readPayload(envelope, definition, version);
  if (payload instanceof Refused) return payload;
  const effect = definition.effect?.(payload.value) ?? null;
  return { actor, entities, summary, payload: payload.text, customerVisible: definition.visibility === 'customer', effect };
}
