import type { EventDefinition } from './event-definition.js';
import type { Actor, EntityRef } from './event.js';
import { eventDefinition, type EventPayload, type EventType } from './registry.js';
import { STRUCTURED_CONTENT_TYPE } from './structured-event.js';
import type { InputTopic } from './topics.js';

/** What a producer says of an event, besides its type and payload. */
export interface EventAttributes {
  /** Unique within `source`, for ever: a retry of the same event must repeat it. UUIDv7 advised. */
  readonly id: string;
  /** Who makes events of this kind, `/producers/<name>`. */
  readonly source: string;
  readonly tenantId: string;
  /** Primary first. */
  readonly entities: readonly [EntityRef, ...EntityRef[]];
  /** Left out: system/system, where the type allows it. */
  readonly actor?: Actor;
  /** When it happened, RFC 3339. Left out: the record's time. */
  readonly time?: string;
  /** When this event was made, RFC 3339. */
  readonly recordedTime?: string;
  /** Only for entries made by hand: shown as written instead of the generated sentence. */
  readonly summary?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly ingestMode?: 'live' | 'backfill';
}

/** What a producer says of an event of type `T`. */
export interface EventInput<T extends EventType> extends EventAttributes {
  readonly type: T;
  readonly payload: EventPayload<T>;
}

/** An event of any type, custom ones included. */
export interface AnyEventInput extends EventAttributes {
  readonly type: string;
  /** Version of the payload's schema. */
  readonly version: number;
  readonly payload: unknown;
}

/** A record ready to be published. */
export interface EventRecord {
  readonly topic: InputTopic;
  /** The tenant: keeps its records of one topic in order. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A structured CloudEvent of a built-in type in its newest version. Checks nothing that the types do not: ingest does. */
export function buildEvent<T extends EventType>(input: EventInput<T>): EventRecord {
  const definition: EventDefinition = eventDefinition(input.type);
  return {
    topic: definition.topic,
    key: input.tenantId,
    headers: { 'content-type': STRUCTURED_CONTENT_TYPE },
    value: JSON.stringify(cloudEvent({ ...input, version: newestVersion(definition) })),
  };
}

/** The event in structured mode, as the object whose JSON is the record's value. What was not said is `undefined`. */
export function cloudEvent(input: AnyEventInput): Readonly<Record<string, unknown>> {
  const [primary] = input.entities;
  return {
    specversion: '1.0',
    id: input.id,
    source: input.source,
    type: input.type,
    subject: `${primary.type}/${primary.id}`,
    time: input.time,
    datacontenttype: 'application/json',
    dataschema: `urn:annals:schema:${input.type}:${input.version}`,
    tenantid: input.tenantId,
    partitionkey: input.tenantId,
    actortype: input.actor?.type,
    actorid: input.actor?.id,
    onbehalfof: input.actor?.onBehalfOf,
    correlationid: input.correlationId,
    causationid: input.causationId,
    recordedtime: input.recordedTime,
    traceparent: input.traceparent,
    ingestmode: input.ingestMode ?? 'live',
    data: { entities: input.entities, summary: input.summary, payload: input.payload },
  };
}

const newest = new WeakMap<EventDefinition, number>();

/** The version that new events are made in. */
export function newestVersion(definition: EventDefinition): number {
  const known = newest.get(definition);
  if (known !== undefined) return known;
  const version = Math.max(...Object.keys(definition.versions).map(Number));
  newest.set(definition, version);
  return version;
}
