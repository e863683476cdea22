import type { EventDefinition } from '../event-definition.js';
import { DEAD_LETTER_REASONS } from '../dead-letter-reasons.js';
import { EVENT_DEFINITIONS } from '../events/index.js';
import { NOTIFICATION_SCHEMA } from '../notification-created.js';
import { STRUCTURED_CONTENT_TYPE } from '../structured-event.js';
import {
  APPENDED_TOPIC,
  COMMENT_TOPIC,
  CONTROL_TOPIC,
  CUSTOM_TOPIC,
  DEAD_LETTER_TOPIC,
  INPUT_TOPICS,
  LEAD_SCORE_TOPIC,
  NOTIFICATIONS_TOPIC,
  OUTPUT_TOPICS,
} from '../topics.js';
import { SCORE_INPUT_EXAMPLE, SCORE_INPUT_SCHEMA } from './score-input-schema.js';
import { ATTRIBUTE_SCHEMAS, dataSchema, envelopeSchema, type JsonSchema, payloadSchema, UUID_SCHEMA } from './json-schemas.js';

type Entries = Readonly<Record<string, object>>;

const TOPIC_NOTES: Readonly<Record<string, string>> = {
  [COMMENT_TOPIC]: 'Comments, and nothing else.',
  [CONTROL_TOPIC]: 'Retractions and erasures, and nothing else.',
  [CUSTOM_TOPIC]: "Tenants' own types, custom.<name>.",
  [APPENDED_TOPIC]: 'Every event that was appended to the log, in the order of its position within a tenant.',
  [NOTIFICATIONS_TOPIC]: 'What rules and mentions ask to tell somebody.',
  [LEAD_SCORE_TOPIC]:
    'Events that may change a score, without personal data, in the order of their position within a tenant, at least once; not those of machines, nor backfilled ones unless asked for.',
  [DEAD_LETTER_TOPIC]: 'A copy of every record that could not become an event, byte for byte.',
};
const KEY = { kafka: { key: { ...UUID_SCHEMA, description: 'The tenant id' }, bindingVersion: '0.5.0' } };
const CLOUDEVENT_HEADERS: JsonSchema = {
  type: 'object',
  required: ['content-type'],
  properties: { 'content-type': { type: 'string', pattern: '^application/cloudevents', examples: [STRUCTURED_CONTENT_TYPE] } },
};

/** They say why and from where, and hold nothing of the record itself. */
const DEAD_LETTER_HEADERS: JsonSchema = {
  type: 'object',
  required: ['reason', 'schema-path', 'topic', 'partition', 'offset'],
  properties: {
    reason: { enum: DEAD_LETTER_REASONS },
    'schema-path': { type: 'string', description: 'JSON Pointer into the value, or the name of a header' },
    topic: { type: 'string' },
    partition: { type: 'string', pattern: '^[0-9]+$' },
    offset: { type: 'string', pattern: '^[0-9]+$' },
    attempts: { type: 'string', pattern: '^[0-9]+$' },
  },
};

/** The AsyncAPI 3.0 document of everything annals reads from and writes to Kafka. */
export function asyncApi(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'annals',
      version: '1.0.0',
      description:
        'CloudEvents 1.0 in structured mode, as described here. Ingest reads binary mode and the flat JSON of hand-written producers too. ' +
        'Record key: the tenant id.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries([...INPUT_TOPICS, ...OUTPUT_TOPICS].map((topic) => [topic, channel(topic)])),
    operations: {
      ...Object.fromEntries(INPUT_TOPICS.map((topic) => [`ingest-${topic}`, operation('receive', topic)])),
      ...Object.fromEntries(OUTPUT_TOPICS.map((topic) => [`publish-${topic}`, operation('send', topic)])),
    },
    components: { messages: { ...inputMessages(), ...outputMessages() }, schemas: schemas() },
  };
}

function channel(topic: string): object {
  const names = messageNames(topic);
  const description = TOPIC_NOTES[topic] ?? `${names.join(', ')}.`;
  const messages = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
  return { address: topic, description, messages, bindings: { kafka: { topic, bindingVersion: '0.5.0' } } };
}

function messageNames(topic: string): string[] {
  const ofTypes = EVENT_DEFINITIONS.filter((definition: EventDefinition) => definition.topic === topic).map(({ type }) => type);
  return ofTypes.length > 0 ? ofTypes : [topic];
}

function operation(action: 'receive' | 'send', topic: string): object {
  return { action, channel: { $ref: `#/channels/${topic}` }, summary: `${action === 'receive' ? 'Read' : 'Written'} by annals` };
}

function inputMessages(): Entries {
  const ofType = EVENT_DEFINITIONS.map((definition: EventDefinition): [string, object] => [
    definition.type,
    message(definition.type, definition.when, { $ref: `#/components/schemas/${definition.type}` }, examplesOf(definition)),
  ]);
  const anyData = { ...ANY_EVENT, properties: { ...ANY_EVENT.properties, type: { type: 'string', pattern: '^custom\\.' } } };
  return { ...Object.fromEntries(ofType), [CUSTOM_TOPIC]: message(CUSTOM_TOPIC, "An event of a tenant's own type", anyData) };
}

function examplesOf(definition: EventDefinition): object[] {
  return definition.examples.map(({ entities, actor, payload, summary }) => ({
    payload: {
      specversion: '1.0',
      id: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e',
      source: '/producers/example',
      type: definition.type,
      subject: `${entities[0].type}/${entities[0].id}`,
      time: '2026-01-05T14:30:00.000Z',
      tenantid: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11',
      actortype: actor.type,
      actorid: actor.id,
      data: { entities, summary, payload },
    },
  }));
}

const ANY_EVENT = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'tenantid', 'data'],
  properties: {
    ...ATTRIBUTE_SCHEMAS,
    type: { type: 'string' },
    subject: { type: 'string' },
    dataschema: { type: 'string' },
    data: dataSchema({ type: 'object' }),
  },
};

function outputMessages(): Entries {
  const stamped = {
    position: { type: 'integer', minimum: 1, description: 'Within the tenant, without holes' },
    appendedat: { type: 'string', format: 'date-time' },
  };
  const appended = {
    ...ANY_EVENT,
    required: [...ANY_EVENT.required, 'position', 'appendedat'],
    properties: { ...ANY_EVENT.properties, ...stamped },
  };
  return {
    [APPENDED_TOPIC]: message(APPENDED_TOPIC, 'An event as it stands in the log', appended),
    [NOTIFICATIONS_TOPIC]: message(NOTIFICATIONS_TOPIC, 'Somebody is to be told: notification.created', NOTIFICATION_SCHEMA),
    [LEAD_SCORE_TOPIC]: message(LEAD_SCORE_TOPIC, 'leadscore.input: an event that may change a score', SCORE_INPUT_SCHEMA, [
      SCORE_INPUT_EXAMPLE,
    ]),
    [DEAD_LETTER_TOPIC]: {
      name: DEAD_LETTER_TOPIC,
      summary: 'A record that was refused',
      contentType: 'application/octet-stream',
      headers: DEAD_LETTER_HEADERS,
      payload: { type: 'string', format: 'binary', description: 'The value as it was received' },
    },
  };
}

function message(name: string, summary: string, payload: JsonSchema, examples: readonly object[] = []): object {
  return { name, title: name, summary, headers: CLOUDEVENT_HEADERS, payload, bindings: KEY, ...(examples.length > 0 && { examples }) };
}

/** By type; of several versions the payload may be any. */
function schemas(): Entries {
  return Object.fromEntries(
    EVENT_DEFINITIONS.map((definition: EventDefinition): [string, object] => {
      const versions = Object.keys(definition.versions).map(Number);
      const each = versions.map((version) => envelopeSchema(definition, version, payloadSchema(definition, version)));
      return [definition.type, each.length === 1 ? (Object(each[0]) as object) : { oneOf: each }];
    }),
  );
}
