import { quote } from './canonical-json.js';
import type { ActivityEvent, Actor, EntityRef } from './event.js';
import { formatTime } from './rfc3339.js';

/**
 * The envelope of an event as canonical JSON (RFC 8785): everything kept of it but summary, payload, trace and what
 * annals stamps. The leaf of the tenant's log commits to this text, so it must stay as it is: times are RFC 3339 in UTC
 * with six decimals, what is absent is left out.
 */
export function envelopeJson(event: ActivityEvent, entities = entitiesJson(event.entities)): string {
  const causation = event.causationId === null ? '' : `"causationId":${quote(event.causationId)},`;
  const correlation = event.correlationId === null ? '' : `"correlationId":${quote(event.correlationId)},`;
  const recorded = event.recordedAt === null ? '' : `"recordedAt":"${formatTime(event.recordedAt)}",`;
  return (
    `{"actor":${actorJson(event.actor)},${causation}${correlation}"entities":${entities},` +
    `"ingestMode":"${event.ingestMode}","occurredAt":"${formatTime(event.occurredAt)}",${recorded}` +
    `"source":${quote(event.source)},"sourceId":${quote(event.sourceId)},"sourceType":${quote(event.sourceType)},` +
    `"tenantId":"${event.tenantId}","timeQuality":"${event.timeQuality}","type":${quote(event.type)},"version":${event.version}}`
  );
}

/** The part of an event that makes it the same event when it comes again. */
export type EventContent = Pick<ActivityEvent, 'type' | 'entities' | 'actor' | 'occurredAt' | 'timeQuality' | 'summary' | 'payload'>;

/**
 * What two events of one identity must share to be the same event, as canonical JSON: type, references, actor, the
 * producer's own time, summary, payload. What annals or a carrier stamped does not count.
 */
export function contentJson(event: EventContent): string {
  const summary = event.summary === null ? '' : `"summary":${quote(event.summary)},`;
  const time = event.timeQuality === 'record' ? '' : `"time":"${formatTime(event.occurredAt)}",`;
  return (
    `{"actor":${actorJson(event.actor)},"entities":${entitiesJson(event.entities)},"payload":${event.payload},` +
    `${summary}${time}"type":${quote(event.type)}}`
  );
}

/** References as canonical JSON, in their order. */
export function entitiesJson(entities: readonly EntityRef[]): string {
  let json = '';
  for (const { id, role, type } of entities) {
    const said = role === undefined ? '' : `"role":${quote(role)},`;
    json += `${json === '' ? '[' : ','}{"id":${quote(id)},${said}"type":${quote(type)}}`;
  }
  return json === '' ? '[]' : `${json}]`;
}

function actorJson({ id, onBehalfOf, type }: Actor): string {
  const behalf = onBehalfOf === undefined ? '' : `"onBehalfOf":${quote(onBehalfOf)},`;
  return `{"id":${quote(id)},${behalf}"type":"${type}"}`;
}
