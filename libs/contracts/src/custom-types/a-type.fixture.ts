import { typeDefinitionOf, type TypeInput } from './read-definition.js';
import type { TypeDefinition } from './type-definition.js';
import type { TypeRow } from './tenant-types.js';

/** A valid definition, changed as wanted; for specs. */
export function aType(wanted: Partial<TypeInput> = {}): TypeDefinition {
  return typeDefinitionOf({
    type: 'custom.demo_held',
    schema: {
      type: 'object',
      properties: { attendee: { type: 'string' }, durationSeconds: { type: 'integer', minimum: 0 } },
    },
    summary: 'held a demo[[, {durationSeconds|duration}]]',
    icon: 'presentation',
    tabs: ['signals'],
    primary: ['contact'],
    ...wanted,
  });
}

export function aRow(definition: TypeDefinition, version = 1): TypeRow {
  return { type: definition.type, version, definition, createdBy: 'jane@example.com', createdAt: '2026-01-05T14:30:00.000Z' };
}
