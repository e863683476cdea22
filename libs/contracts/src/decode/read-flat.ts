import { ENTITY_TYPES } from '../entity-types.js';
import type { AttributeName, Envelope, Places } from './envelope.js';
import { isJsonObject, type JsonObject } from './refused.js';

/** The flat form names no source. */
export const FLAT_SOURCE = 'urn:annals:flat';

/** The flat form's own name of each attribute, first the one that is shown in paths. */
const NAMES: Readonly<Partial<Record<AttributeName, readonly [string, ...string[]]>>> = {
  id: ['event_id'],
  type: ['type', 'event_type'],
  time: ['occurred_at', 'time'],
  recordedtime: ['recorded_at', 'recorded_time'],
  dataschema: ['dataschema', 'schema_version'],
  tenantid: ['tenant_id'],
  actortype: ['actor_type'],
  actorid: ['actor_id'],
  onbehalfof: ['on_behalf_of'],
  correlationid: ['correlation_id'],
  causationid: ['causation_id'],
  traceparent: ['traceparent'],
  ingestmode: ['ingest_mode'],
};

const camel = (snake: string) => snake.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const bothCases = (snake: string) => [snake, camel(snake)];

/** In this order: where a type allows both as primary, the account comes before the contact. */
const ID_KEYS = ENTITY_TYPES.map((type) => ({ type, keys: bothCases(`${type}_id`) }));
const KEYS = new Map<AttributeName, readonly string[]>(
  Object.entries(NAMES).map(([attribute, names]) => [
    attribute as AttributeName,
    [...new Set([...names.flatMap(bothCases), attribute === 'id' ? 'event_id' : attribute])],
  ]),
);

const PLACES: Places = {
  attribute: (name) => `/${NAMES[name]?.[0] ?? name}`,
  entities: '/entities',
  payload: '/payload',
  summary: '/summary',
};

/** The flat JSON of seed 001 and of hand-written producers, in snake or camel case. */
export function readFlat(root: JsonObject): Envelope {
  const attribute = (name: AttributeName) => firstOf(root, KEYS.get(name) ?? []);
  return {
    id: attribute('id'),
    source: FLAT_SOURCE,
    type: attribute('type'),
    subject: undefined,
    time: attribute('time'),
    recordedtime: attribute('recordedtime'),
    dataschema: schemaOf(attribute('dataschema'), attribute('type')),
    tenantid: attribute('tenantid'),
    ...actorOf(root.actor, attribute('actortype'), attribute('actorid'), attribute('onbehalfof')),
    correlationid: attribute('correlationid'),
    causationid: attribute('causationid'),
    traceparent: attribute('traceparent'),
    ingestmode: attribute('ingestmode'),
    entities: entitiesOf(root),
    payload: root.payload ?? root.metadata,
    summary: root.summary ?? root.description,
    places: PLACES,
  };
}

function firstOf(root: JsonObject, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = root[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** `schema_version: 2` says the same as the full name of the schema. */
function schemaOf(schema: unknown, type: unknown): unknown {
  return typeof schema === 'number' && typeof type === 'string' ? `urn:annals:schema:${type}:${schema}` : schema;
}

type ActorAttributes = Pick<Envelope, 'actortype' | 'actorid' | 'onbehalfof'>;

/** Seed 001: `actor` is a user's address, or `system`. An object `{type, id}` is read as well. */
function actorOf(actor: unknown, actortype: unknown, actorid: unknown, onbehalfof: unknown): ActorAttributes {
  if (actor === undefined || actor === null) return { actortype, actorid, onbehalfof };
  if (isJsonObject(actor))
    return { actortype: actor.type, actorid: actor.id, onbehalfof: actor.onBehalfOf ?? actor.on_behalf_of ?? onbehalfof };
  return { actortype: actor === 'system' ? 'system' : 'human', actorid: actor, onbehalfof };
}

/** `account_id` and its like, then the `entities` as given. */
function entitiesOf(root: JsonObject): unknown {
  const named: unknown[] = [];
  for (const { type, keys } of ID_KEYS) {
    const id = firstOf(root, keys);
    if (id !== undefined) named.push({ type, id });
  }
  const listed = root.entities;
  if (named.length === 0 || (listed !== undefined && listed !== null && !Array.isArray(listed))) return listed;
  return [...named, ...((listed as readonly unknown[] | null | undefined) ?? [])];
}
