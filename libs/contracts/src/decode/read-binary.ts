import type { WireRecord } from '../event.js';
import { hasForbiddenCharacter, refuseDocument } from './document-checks.js';
import type { AttributeName, Envelope, Places } from './envelope.js';
import { headerText } from './headers.js';
import { type JsonObject, Refused } from './refused.js';

const ATTRIBUTES = [
  'id',
  'source',
  'type',
  'subject',
  'time',
  'recordedtime',
  'dataschema',
  'tenantid',
  'actortype',
  'actorid',
  'onbehalfof',
  'correlationid',
  'causationid',
  'traceparent',
  'ingestmode',
] as const satisfies readonly AttributeName[];

const PLACES: Places = { attribute: (name) => `ce_${name}`, entities: '/entities', payload: '/payload', summary: '/summary' };

/** CloudEvents 1.0, binary mode: the attributes are `ce_` headers, the value is the data. */
export function readBinary(data: JsonObject, headers: WireRecord['headers']): Envelope | Refused {
  if (headerText(headers, 'ce_specversion') !== '1.0') return new Refused('wrong_envelope', 'ce_specversion', 'must be "1.0"');
  const attributes: Partial<Record<AttributeName, string>> = {};
  for (const name of ATTRIBUTES) {
    const text = headerText(headers, `ce_${name}`);
    if (text instanceof Refused) return text;
    if (text !== undefined && hasForbiddenCharacter(text)) return refuseDocument('forbidden_character', `ce_${name}`);
    attributes[name] = text;
  }
  return {
    ...(attributes as Record<AttributeName, string | undefined>),
    entities: data.entities,
    payload: data.payload ?? data.metadata,
    summary: data.summary ?? data.description,
    places: PLACES,
  };
}
