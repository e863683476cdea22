import { quote } from './canonical-json.js';
import { entitiesJson } from './envelope-json.js';
import type { ActivityEvent, EntityRef } from './event.js';
import { formatTime } from './rfc3339.js';

/** The value of a record's `content-type` header that marks structured mode. */
export const STRUCTURED_CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

type Kept = Omit<ActivityEvent, 'sourceType' | 'timeQuality' | 'entities' | 'payload' | 'customerVisible' | 'effect'>;

/** An event as it stands in the log, as far as it is published. */
export interface PublishedEvent extends Kept {
  /** Primary first. */
  readonly entities: readonly EntityRef[];
  /** Canonical JSON; `null` once erased. */
  readonly payload: string | null;
  readonly position?: bigint;
  /** Microseconds since the Unix epoch. */
  readonly appendedAt?: bigint;
}

/**
 * A CloudEvent in structured mode, as JSON text. Read back by `decodeRecord` it is the same event. `position` and
 * `appendedat` stand on the topic annals.appended only, `position` as a JSON number. Who has the references as canonical JSON hands them in.
 */
export function structuredEvent(event: PublishedEvent, entities = entitiesJson(event.entities)): string {
  const primary = event.entities[0];
  const subject = primary ? `"subject":${quote(`${primary.type}/${primary.id}`)},` : '';
  const onBehalfOf = optional('onbehalfof', event.actor.onBehalfOf);
  return (
    `{"specversion":"1.0","id":${quote(event.sourceId)},"source":${quote(event.source)},"type":${quote(event.type)},${subject}` +
    `"time":"${formatTime(event.occurredAt)}","datacontenttype":"application/json",` +
    `"dataschema":${quote(`urn:annals:schema:${event.type}:${event.version}`)},"tenantid":"${event.tenantId}",` +
    `"partitionkey":"${event.tenantId}","actortype":"${event.actor.type}","actorid":${quote(event.actor.id)},${onBehalfOf}` +
    `${optional('correlationid', event.correlationId)}${optional('causationid', event.causationId)}` +
    `${optionalTime('recordedtime', event.recordedAt)}${optional('traceparent', event.traceparent)}` +
    `${event.position === undefined ? '' : `"position":${event.position},`}${optionalTime('appendedat', event.appendedAt)}` +
    `"ingestmode":"${event.ingestMode}","data":{"entities":${entities},` +
    `${optional('summary', event.summary)}"payload":${event.payload ?? 'null'}}}`
  );
}

function optional(name: string, value: string | null | undefined): string {
  return value === null || value === undefined ? '' : `"${name}":${quote(value)},`;
}

function optionalTime(name: string, micros: bigint | null | undefined): string {
  return micros === null || micros === undefined ? '' : `"${name}":"${formatTime(micros)}",`;
}
