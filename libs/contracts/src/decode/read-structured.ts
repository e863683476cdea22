import type { Envelope, Places } from './envelope.js';
import { isJsonObject, type JsonObject, Refused } from './refused.js';

const PLACES: Places = { attribute: (name) => `/${name}`, entities: '/data/entities', payload: '/data/payload', summary: '/data/summary' };

/** CloudEvents 1.0, structured mode: the value is the whole event. */
export function readStructured(root: JsonObject): Envelope | Refused {
  if (root.specversion !== '1.0') return new Refused('wrong_envelope', '/specversion', 'must be "1.0"');
  const data = root.data;
  if (!isJsonObject(data)) return new Refused('wrong_envelope', '/data', 'must be an object');
  return {
    id: root.id,
    source: root.source,
    type: root.type,
    subject: root.subject,
    time: root.time,
    recordedtime: root.recordedtime,
    dataschema: root.dataschema,
    tenantid: root.tenantid,
    actortype: root.actortype,
    actorid: root.actorid,
    onbehalfof: root.onbehalfof,
    correlationid: root.correlationid,
    causationid: root.causationid,
    traceparent: root.traceparent,
    ingestmode: root.ingestmode,
    entities: data.entities,
    payload: data.payload ?? data.metadata,
    summary: data.summary ?? data.description,
    places: PLACES,
  };
}
