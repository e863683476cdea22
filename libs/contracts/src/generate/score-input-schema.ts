import { ENTITY_TYPES } from '../entity-types.js';
import { SCORE_INPUT_SOURCE, SCORE_INPUT_TYPE } from '../score-feed/score-input.js';
import { ATTRIBUTE_SCHEMAS, type JsonSchema, UUID_SCHEMA } from './json-schemas.js';

const ENTITY = {
  type: 'object',
  required: ['type', 'id'],
  properties: { type: { enum: ENTITY_TYPES }, id: { type: 'string' }, role: { type: 'string' } },
};

/** `leadscore.input` as a whole structured event. */
export const SCORE_INPUT_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'time', 'tenantid', 'partitionkey', 'data'],
  properties: {
    specversion: ATTRIBUTE_SCHEMAS.specversion,
    id: { ...UUID_SCHEMA, description: 'That of the item: a message that comes again has the same' },
    source: { const: SCORE_INPUT_SOURCE },
    type: { const: SCORE_INPUT_TYPE },
    subject: { type: 'string', description: 'The primary entity, <entityType>/<id>' },
    time: { type: 'string', format: 'date-time', description: 'When the event happened' },
    datacontenttype: { const: 'application/json' },
    tenantid: UUID_SCHEMA,
    partitionkey: UUID_SCHEMA,
    data: {
      type: 'object',
      required: ['eventId', 'eventType', 'eventVersion', 'position', 'entity', 'entities', 'payload', 'weightHint', 'decayHintDays'],
      properties: {
        eventId: UUID_SCHEMA,
        eventType: { type: 'string', description: 'Canonical type' },
        eventVersion: { type: 'integer', minimum: 1, description: 'Version of its payload schema' },
        position: { type: 'integer', minimum: 1, description: 'Within the tenant; messages of a tenant come in this order' },
        entity: ENTITY,
        entities: { type: 'array', items: ENTITY, description: 'All references, the primary one first' },
        payload: { type: 'object', description: 'What the schema of the type declares, without personal data' },
        weightHint: { type: 'number', description: "Points by the tenant's own model; 0: it does not score" },
        decayHintDays: { type: 'number', description: "Half-life in the tenant's own model" },
      },
    },
  },
};

export const SCORE_INPUT_EXAMPLE = {
  payload: {
    specversion: '1.0',
    id: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e',
    source: SCORE_INPUT_SOURCE,
    type: SCORE_INPUT_TYPE,
    subject: 'contact/contact-abc',
    time: '2026-01-05T14:30:00.000000Z',
    datacontenttype: 'application/json',
    tenantid: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11',
    partitionkey: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11',
    data: {
      eventId: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e',
      eventType: 'email.opened',
      eventVersion: 1,
      position: 42,
      entity: { type: 'contact', id: 'contact-abc' },
      entities: [{ type: 'contact', id: 'contact-abc' }],
      payload: { messageId: 'msg_abc123' },
      weightHint: 3,
      decayHintDays: 30,
    },
  },
};
