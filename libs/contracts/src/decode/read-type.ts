import { newestVersion } from '../build-event.js';
import { CUSTOM_PREFIX, TYPE_NAME } from '../custom-types/type-definition.js';
import type { EventDefinition } from '../event-definition.js';
import type { AwaitedVersion } from '../event.js';
import type { TypeRegistry } from '../registry.js';
import { COMMENT_TOPIC, CONTROL_TOPIC, CUSTOM_TOPIC } from '../topics.js';
import type { Envelope } from './envelope.js';
import { Refused } from './refused.js';

const SCHEMA = /^urn:annals:schema:([^:]{1,255}):([1-9][0-9]{0,8})$/;

/** The definition behind the type's name, if the topic may carry it. */
export function readDefinition(
  envelope: Envelope,
  name: string,
  tenantId: string,
  topic: string,
  registry: TypeRegistry,
): EventDefinition | Refused {
  const definition = registry.resolve(name, tenantId);
  if (definition !== undefined && mayCarry(topic, definition, name)) return definition;
  const place = envelope.places.attribute('type');
  if (!definition) return new Refused('unknown_type', place, 'the type is neither in the catalogue nor registered');
  return new Refused('wrong_topic', place, `this type belongs on ${definition.topic}`);
}

/**
 * Whoever may write `crm.web` must not be able to retract or comment: those types have a topic to themselves. A tenant's own type has one
 * too, but under a name by which it was sent before anybody registered it, it may come where it came.
 */
function mayCarry(topic: string, definition: EventDefinition, name: string): boolean {
  if (topic === definition.topic) return true;
  const ownTopic = definition.topic === CUSTOM_TOPIC && name.toLowerCase() === definition.type;
  return isOpen(topic) && isOpen(definition.topic) && !ownTopic;
}

function isOpen(topic: string): boolean {
  return topic !== CONTROL_TOPIC && topic !== COMMENT_TOPIC && topic.startsWith('crm.');
}

/** The payload's schema version; 1 if the event does not say. */
export function readVersion(envelope: Envelope, definition: EventDefinition, tenantId: string, registry: TypeRegistry): number | Refused {
  const schema = envelope.dataschema ?? null;
  if (schema === null) return 1;
  if (schema === newestSchema(definition)) return newestVersion(definition);
  const place = envelope.places.attribute('dataschema');
  if (typeof schema !== 'string') return new Refused('wrong_envelope', place, 'must be text');
  const [, name, version] = SCHEMA.exec(schema) ?? [];
  const known = name !== undefined && isOf(definition, name, tenantId, registry);
  return known && Object.hasOwn(definition.versions, Number(version))
    ? Number(version)
    : new Refused('unknown_version', place, 'no such version of this type');
}

const newestSchemas = new WeakMap<EventDefinition, string>();

/** What nearly every event says. */
function newestSchema(definition: EventDefinition): string {
  const known = newestSchemas.get(definition);
  if (known !== undefined) return known;
  const schema = `urn:annals:schema:${definition.type}:${newestVersion(definition)}`;
  newestSchemas.set(definition, schema);
  return schema;
}

function isOf(definition: EventDefinition, name: string, tenantId: string, registry: TypeRegistry): boolean {
  return name === definition.type || registry.resolve(name, tenantId) === definition;
}

/** What the tenant would have to register for a record of unknown type or version to be taken; `null`: that would not help. */
export function readAwaited(envelope: Envelope, tenantId: string, registry: TypeRegistry): AwaitedVersion | null {
  const { type, dataschema } = envelope;
  const name = typeof type === 'string' ? type.toLowerCase() : '';
  if (!TYPE_NAME.test(name)) return null;
  const [, schemaOf, version] = (typeof dataschema === 'string' && SCHEMA.exec(dataschema)) || [];
  const definition = registry.resolve(name, tenantId);
  if (definition === undefined) return { name, version: Number(version ?? 1) };
  const isOwn = definition.type.startsWith(CUSTOM_PREFIX);
  return isOwn && schemaOf !== undefined && isOf(definition, schemaOf, tenantId, registry) ? { name, version: Number(version) } : null;
}
