import type { EventDefinition } from '../event-definition.js';
import { PERSONAL } from '../payload-fields.js';

/** Fields of a version of a type, built-in or a tenant's own, that are personal data of the record the event is about. */
export function personalFields(definition: EventDefinition, version: number): string[] {
  const properties: Readonly<Record<string, unknown>> = definition.versions[version]?.payload.properties ?? {};
  return Object.entries(properties).flatMap(([name, property]) => (isMarked(property) ? [name] : []));
}

function isMarked(property: unknown): boolean {
  return typeof property === 'object' && property !== null && (property as Readonly<Record<string, unknown>>)[PERSONAL] === true;
}
