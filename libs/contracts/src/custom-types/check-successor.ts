import { compileCustom } from '../decode/custom-rules.js';
import { placeOf, reasonOf } from './check-definition.js';
import { asNewest } from './custom-definition.js';
import { CUSTOM_PREFIX, type DefinitionFault, type RegisteredType, type TypeDefinition } from './type-definition.js';

/** A payload as it is stored. */
export interface StoredPayload {
  readonly version: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * What speaks against a definition as the version after `earlier` (oldest first): an upcaster that leads elsewhere, or a payload that its
 * schema cannot read. Tried are the examples of all versions and `stored`, each through every upcaster on its way.
 */
export function checkSuccessor(
  earlier: readonly RegisteredType[],
  definition: TypeDefinition,
  stored: readonly StoredPayload[] = [],
): DefinitionFault[] {
  const version = earlier.length + 1;
  const upcaster = definition.upcasters[0];
  if (upcaster && upcaster.to !== version)
    return [{ pointer: '/upcasters/0/to', message: `must be ${version}, the version this becomes, and from the one before` }];
  if (upcaster && version === 1) return [{ pointer: '/upcasters/0', message: 'there is no version before the first' }];
  const all = [...earlier, { version, definition, createdBy: '', createdAt: '' }];
  const validate = compileCustom(definition.schema);
  const samples = [...earlier.flatMap(examplesOf), ...stored.map((one) => ({ ...one, name: 'a stored event' }))];
  for (const { version: from, payload, name } of samples) {
    if (validate(asNewest(all, from, payload))) continue;
    const error = validate.errors?.[0];
    const why = `${name} of version ${from} would not be readable${error ? ` (${placeOf(error) || 'payload'} ${reasonOf(error)})` : ''}`;
    const advice = from === version - 1 ? '' : ' after the upcasters on its way';
    return [{ pointer: upcaster ? '/upcasters/0' : '/schema', message: `${why}${advice}; loosen the schema or give an upcaster` }];
  }
  return [];
}

function examplesOf({ version, definition }: RegisteredType) {
  return definition.examples.map((payload, i) => ({ version, payload, name: `example ${i + 1}` }));
}

/** Names that another type of the tenant has already. */
export function checkNamesAreFree(definition: TypeDefinition, others: readonly TypeDefinition[]): DefinitionFault[] {
  const taken = new Set(others.flatMap(({ type, aliases }) => [type.slice(CUSTOM_PREFIX.length), ...aliases]));
  const faults = definition.aliases.flatMap((alias, i) =>
    taken.has(alias) ? [{ pointer: `/aliases/${i}`, message: 'is the name of another of your types' }] : [],
  );
  const bare = definition.type.slice(CUSTOM_PREFIX.length);
  const named = others.find(({ aliases }) => aliases.includes(bare));
  return named ? [...faults, { pointer: '/type', message: `${bare} is an alias of ${named.type}` }] : faults;
}
