import { ENTITY_TYPES } from '../entity-types.js';
import type { EventDefinition } from '../event-definition.js';
import { ACTOR_TYPES } from '../event.js';
import { EVENT_DEFINITIONS } from '../events/index.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

const TEXT = { type: 'string', minLength: 1, maxLength: 255 };
const TIME = { type: 'string', format: 'date-time' };
export const UUID_SCHEMA = { type: 'string', format: 'uuid' };
const VERSION_BOUND = 'urn:annals:schema';

/** What stands in every event whatever its type, besides `type`, `subject`, `dataschema` and `data`. */
export const ATTRIBUTE_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  specversion: { const: '1.0' },
  id: { ...TEXT, description: 'With tenantid and source the identity of the event, for ever. UUIDv7 advised.' },
  source: { ...TEXT, description: 'Who makes such events: /producers/<name>' },
  time: { ...TIME, description: 'When it happened; at most 24 h ahead. Left out: the time of the Kafka record.' },
  datacontenttype: { const: 'application/json' },
  tenantid: UUID_SCHEMA,
  partitionkey: { ...TEXT, description: 'The Kafka record key: the tenant id' },
  actortype: { enum: ACTOR_TYPES },
  actorid: TEXT,
  onbehalfof: { ...TEXT, description: 'The human for whom an agent or the system acted' },
  correlationid: TEXT,
  causationid: TEXT,
  recordedtime: { ...TIME, description: 'When the producer made the event' },
  traceparent: { type: 'string', description: 'W3C Trace Context' },
  ingestmode: { enum: ['live', 'backfill'], default: 'live' },
};

/** The JSON Schema (2020-12) of each version of each type as a whole structured event; the payload's own is in `$defs`. */
export function jsonSchemas(): Readonly<Record<string, JsonSchema>> {
  const all = EVENT_DEFINITIONS.flatMap((definition: EventDefinition) =>
    Object.keys(definition.versions).map((version): [string, JsonSchema] => [
      `${definition.type}.v${version}`,
      eventSchema(definition, Number(version)),
    ]),
  );
  return Object.fromEntries(all);
}

function eventSchema(definition: EventDefinition, version: number): JsonSchema {
  const name = `${VERSION_BOUND}:${definition.type}:${version}`;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${name}:event`,
    title: definition.type,
    description: definition.when,
    ...envelopeSchema(definition, version, { $ref: '#/$defs/payload' }),
    $defs: { payload: payloadSchema(definition, version) },
  };
}

/** The structured form of one version of a type, around a schema of its payload. */
export function envelopeSchema(definition: EventDefinition, version: number, payload: JsonSchema): JsonSchema {
  const needsActor = !definition.defaultActor.includes('system');
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'tenantid', ...(needsActor ? ['actortype', 'actorid'] : []), 'data'],
    properties: {
      ...ATTRIBUTE_SCHEMAS,
      type: { enum: [definition.type, ...definition.aliases] },
      subject: { type: 'string', pattern: `^(${definition.primary.join('|')})/.`, description: 'The primary entity, <entityType>/<id>' },
      dataschema:
        version === 1
          ? { type: 'string', default: `${VERSION_BOUND}:${definition.type}:1` }
          : { const: `${VERSION_BOUND}:${definition.type}:${version}` },
      data: dataSchema(payload),
    },
  };
}

export function dataSchema(payload: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['payload'],
    properties: {
      entities: {
        type: 'array',
        maxItems: 32,
        items: {
          type: 'object',
          required: ['type', 'id'],
          properties: { type: { enum: ENTITY_TYPES }, id: TEXT, role: { type: 'string' } },
        },
      },
      payload,
      summary: { type: 'string', maxLength: 20_000, description: 'Only for hand-made entries: shown as written' },
    },
  };
}

/** Without TypeBox's symbols. */
export function payloadSchema(definition: EventDefinition, version: number): JsonSchema {
  return JSON.parse(JSON.stringify(definition.versions[version]?.payload ?? {})) as JsonSchema;
}
