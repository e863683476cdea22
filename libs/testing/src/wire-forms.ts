import { eventDefinition, type WireRecord } from '#libs/contracts';
import type { EventDraft } from './a-draft.js';

const utf8 = new TextEncoder();

/** CloudEvents structured mode: the value is the whole event. */
export function structured(draft: EventDraft): WireRecord {
  const value = { specversion: '1.0', datacontenttype: 'application/json', ...attributes(draft), data: dataOf(draft) };
  return record(draft, { 'content-type': 'application/cloudevents+json; charset=UTF-8' }, value);
}

/** CloudEvents binary mode: attributes in headers, the value is the data. */
export function binary(draft: EventDraft): WireRecord {
  const headers = Object.fromEntries(Object.entries(attributes(draft)).map(([name, value]) => [`ce_${name}`, value]));
  return record(draft, { 'content-type': 'application/json', ce_specversion: '1.0', ...headers }, dataOf(draft));
}

/** The flat JSON of hand-written producers. It has no source: annals puts `urn:annals:flat`. */
export function flat(draft: EventDraft): WireRecord {
  return record(
    draft,
    {},
    {
      event_id: draft.id,
      tenant_id: draft.tenantId,
      type: draft.type,
      occurred_at: draft.time,
      recorded_at: draft.recordedTime,
      schema_version: draft.version,
      actor: draft.actor,
      entities: draft.entities,
      payload: draft.payload,
      summary: draft.summary,
      correlation_id: draft.correlationId,
      causation_id: draft.causationId,
      traceparent: draft.traceparent,
      ingest_mode: draft.ingestMode,
    },
  );
}

/** The attributes that are there, by their CloudEvents names. */
function attributes(draft: EventDraft): Record<string, string> {
  const [primary] = draft.entities;
  const all: Record<string, string | undefined> = {
    id: draft.id,
    source: draft.source,
    type: draft.type,
    subject: primary && `${primary.type}/${primary.id}`,
    time: draft.time,
    recordedtime: draft.recordedTime,
    dataschema: draft.version === undefined ? undefined : `urn:annals:schema:${draft.type}:${draft.version}`,
    tenantid: draft.tenantId,
    partitionkey: draft.tenantId,
    actortype: draft.actor.type,
    actorid: draft.actor.id,
    onbehalfof: draft.actor.onBehalfOf,
    correlationid: draft.correlationId,
    causationid: draft.causationId,
    traceparent: draft.traceparent,
    ingestmode: draft.ingestMode,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function dataOf({ entities, payload, summary }: EventDraft): object {
  return { entities, payload, summary };
}

/** On the topic of its type, an hour after the fact. */
function record(draft: EventDraft, headers: WireRecord['headers'], value: object): WireRecord {
  const topic = eventDefinition(draft.type)?.topic ?? 'crm.custom';
  return { topic, headers, value: utf8.encode(JSON.stringify(value)), timestampMs: Date.parse(draft.time) + 3_600_000 };
}
