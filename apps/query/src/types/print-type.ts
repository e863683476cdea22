import { eventDefinition, personalFields, type CustomDefinition, type EventDefinition } from '#libs/contracts';
import { CUSTOMER_FIELDS } from '../items/customer-fields.js';
import type { TypeAnswer, TypeVersionAnswer } from './type-answer.js';

/** A type as `GET /api/v1/types` shows it. */
export function printType(definition: EventDefinition): TypeAnswer {
  const own = isOwn(definition) ? definition : undefined;
  const version = Math.max(...Object.keys(definition.versions).map(Number));
  return {
    type: definition.type,
    aliases: [...definition.aliases],
    activityName: definition.activityName,
    custom: own !== undefined,
    description: definition.when,
    topic: definition.topic,
    icon: definition.icon,
    tabs: [...definition.tabs],
    primary: [...definition.primary],
    deepLink: definition.deepLink,
    visibility: definition.visibility,
    scoreFeed: definition.scoreFeed,
    scoreWeight: own?.scoreWeight ?? null,
    groupBy: [...(definition.groupBy?.fields ?? [])],
    pii: personalFields(definition, version),
    customerFields: [...(own?.customerFields ?? CUSTOMER_FIELDS[definition.type] ?? [])],
    deprecated: own?.deprecated ?? false,
    version,
    versions: own ? ownVersions(own) : builtInVersions(definition),
  };
}

function isOwn(definition: EventDefinition): definition is CustomDefinition {
  return eventDefinition(definition.type) === undefined;
}

function ownVersions({ registered, versions }: CustomDefinition): TypeVersionAnswer[] {
  return registered.map(({ version, definition, createdBy, createdAt }) => ({
    version,
    schema: versions[version]?.payload ?? definition.schema,
    summary: definition.summary,
    examples: [...definition.examples],
    upcasters: definition.upcasters.map((upcaster) => ({ ...upcaster, ops: [...upcaster.ops] })),
    createdBy,
    createdAt,
  }));
}

function builtInVersions({ versions, examples }: EventDefinition): TypeVersionAnswer[] {
  const payloads = examples.map(({ payload }) => payload);
  return Object.entries(versions).map(([version, { payload, summary }]) => ({
    version: Number(version),
    schema: payload,
    summary,
    examples: payloads,
    upcasters: [],
    createdBy: null,
    createdAt: null,
  }));
}
