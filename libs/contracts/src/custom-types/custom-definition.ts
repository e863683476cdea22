import type { EventVersion } from '../event-definition.js';
import { ACTOR_TYPES } from '../event.js';
import { PERSONAL } from '../payload-fields.js';
import type { Payload } from '../sentence/filters.js';
import { CUSTOM_TOPIC } from '../topics.js';
import type { CustomDefinition, RegisteredType, TypeDefinition } from './type-definition.js';
import { upcast } from './upcast.js';

/** The type that its versions make, oldest first and at least one. `known` keeps what was made of a version before: compiled rules hang on it. */
export function customDefinition(
  registered: readonly RegisteredType[],
  names: readonly string[],
  known?: CustomDefinition,
): CustomDefinition {
  const last = registered.at(-1);
  if (last === undefined) throw new Error('a type has at least one version');
  const { definition, version: newest } = last;
  const versions = registered.map((one) => [one.version, known?.versions[one.version] ?? eventVersion(one.definition)] as const);
  return {
    type: definition.type,
    aliases: names.filter((name) => name !== definition.type),
    activityName: definition.type,
    topic: CUSTOM_TOPIC,
    when: definition.description,
    primary: definition.primary,
    references: [],
    versions: Object.fromEntries(versions),
    tabs: definition.tabs,
    icon: definition.icon,
    deepLink: '{primary}',
    scoreFeed: definition.scoreFeed,
    visibility: definition.visibility,
    defaultActor: ACTOR_TYPES,
    groupBy: definition.groupBy.length === 0 ? null : { fields: definition.groupBy },
    examples: [],
    readToday: (version, payload) => readToday(registered, version, payload),
    newest,
    deprecated: definition.deprecated,
    scoreWeight: definition.scoreWeight,
    customerFields: definition.customerFields,
    registered,
  };
}

/** The payload as the newest version takes it: every step on the way, those without an upcaster leave it as it is. */
export function asNewest(registered: readonly RegisteredType[], version: number, payload: Payload): Payload {
  return stepsAfter(registered, version).reduce((value, { ops }) => upcast(value, ops), payload);
}

/** An event reads in the newest version that an upcaster leads to; where none does, as it was written. */
function readToday(registered: readonly RegisteredType[], version: number, payload: Payload): { version: number; payload: Payload } {
  const steps = stepsAfter(registered, version);
  return { version: steps.at(-1)?.to ?? version, payload: steps.reduce((value, { ops }) => upcast(value, ops), payload) };
}

function stepsAfter(registered: readonly RegisteredType[], version: number) {
  return registered.filter((one) => one.version > version).flatMap(({ definition }) => definition.upcasters);
}

/** A boolean schema takes everything or nothing. */
function asObject(schema: unknown): object {
  if (typeof schema === 'object' && schema !== null) return schema;
  return schema === false ? { not: {} } : {};
}

function eventVersion({ schema, summary, pii }: TypeDefinition): EventVersion {
  const marked = Object.entries(schema.properties ?? {}).map(([name, property]): [string, unknown] => [
    name,
    pii.includes(name) ? { ...asObject(property), [PERSONAL]: true } : property,
  ]);
  return { payload: { ...schema, properties: Object.fromEntries(marked) } as unknown as EventVersion['payload'], summary };
}
