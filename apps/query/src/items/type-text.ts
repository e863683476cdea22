import { CUSTOM_PREFIX } from '#libs/contracts';
import { definitionOf, type TypeScope } from './type-scope.js';

const written = new Map<string, string>();

/** `"icon":…,"tabs":…` of a type; written once per built-in type, of which there are few. */
export function iconAndTabs(scope: TypeScope, type: string): string {
  const known = written.get(type);
  if (known !== undefined) return known;
  const definition = definitionOf(scope, type);
  const text = `"icon":${JSON.stringify(definition?.icon ?? 'circle')},"tabs":${JSON.stringify(definition?.tabs ?? [])}`;
  // a tenant's own type looks different to another tenant, and to the next version
  if (definition && !type.startsWith(CUSTOM_PREFIX)) written.set(type, text);
  return text;
}
