import type { EventDefinition } from '../event-definition.js';
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
  const place = envelope.places.attribute('type');
  const definition = registry.resolve(name, tenantId);
  if (!definition) return new Refused('unknown_type', place, 'the type is neither in the catalogue nor registered');
  return mayCarry(topic, definition) ? definition : new Refused('wrong_topic', place, `this type belongs on ${definition.topic}`);
}

/** Whoever may write `crm.web` must not be able to retract or comment: those types have a topic to themselves. */
function mayCarry(topic: string, definition: EventDefinition): boolean {
  if (topic === definition.topic) return true;
  return isOpen(topic) && isOpen(definition.topic) && definition.topic !== CUSTOM_TOPIC;
}

function isOpen(topic: string): boolean {
  return topic !== CONTROL_TOPIC && topic !== COMMENT_TOPIC && topic.startsWith('crm.');
}

/** The payload's schema version; 1 if the event does not say. */
export function readVersion(envelope: Envelope, definition: EventDefinition, tenantId: string, registry: TypeRegistry): number | Refused {
  const schema = envelope.dataschema ?? null;
  if (schema === null) return 1;
  const place = envelope.places.attribute('dataschema');
  if (typeof schema !== 'string') return new Refused('wrong_envelope', place, 'must be text');
  const [, name, version] = SCHEMA.exec(schema) ?? [];
  const known = name !== undefined && (name === definition.type || registry.resolve(name, tenantId) === definition);
  return known && Object.hasOwn(definition.versions, Number(version))
    ? Number(version)
    : new Refused('unknown_version', place, 'no such version of this type');
}
