import { canonicalJson } from '../canonical-json.js';
import type { TypeDefinition } from './type-definition.js';

/** What a registration must say; the rest has defaults. */
export type TypeInput = Pick<TypeDefinition, 'type' | 'schema' | 'summary' | 'primary'> & {
  readonly [K in keyof TypeDefinition]?: TypeDefinition[K] | undefined;
};

/** The definition with everything filled in that was left out. */
export function typeDefinitionOf(input: TypeInput): TypeDefinition {
  return {
    type: input.type,
    description: input.description ?? '',
    schema: input.schema,
    summary: input.summary,
    icon: input.icon ?? 'circle',
    tabs: input.tabs ?? [],
    primary: input.primary,
    aliases: input.aliases ?? [],
    groupBy: input.groupBy ?? [],
    scoreFeed: input.scoreFeed ?? false,
    scoreWeight: input.scoreWeight ?? null,
    pii: input.pii ?? [],
    visibility: input.visibility ?? 'staff',
    customerFields: input.customerFields ?? [],
    deprecated: input.deprecated ?? false,
    examples: input.examples ?? [],
    upcasters: input.upcasters ?? [],
  };
}

/** A definition as it was stored: it was checked then, and gains the defaults of what has been added since. */
export function readTypeDefinition(json: string): TypeDefinition {
  return typeDefinitionOf(JSON.parse(json) as TypeInput);
}

/** Whether two definitions say the same; the order of keys does not count. */
export function sameDefinition(a: TypeDefinition, b: TypeDefinition): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
