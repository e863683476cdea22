/** As much of JSON Schema as the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const UUID = '0192f0c4-7c1e-8b7a-9d1c-6f1b2a3c4d5e';

/**
 * A value as the schema describes it, put together from the examples of its parts: of an object what is required, and what shows an example.
 * Throws where a text or number shows none: whoever reads the document would have to guess.
 */
export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>, place = ''): unknown {
  const own = ownExample(schema);
  if (own !== undefined) return own;
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    const named = schemas[name];
    if (named === undefined) throw new Error(`${place} refers to ${name}, which is not there`);
    return exampleOf(named, schemas, name);
  }
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, schemas, place))) as unknown;
  const first = (schema.anyOf ?? schema.oneOf)?.[0];
  return first ? exampleOf(first, schemas, place) : ofType(schema, schemas, place);
}

function ownExample({ example, examples, default: usual, enum: values }: Schema): unknown {
  return [example, examples?.[0], usual, values?.[0]].find((value) => value !== undefined);
}

function ofType(schema: Schema, schemas: Readonly<Record<string, Schema>>, place: string): unknown {
  const types = [schema.type ?? []].flat();
  if (types.includes('null')) return null;
  if (types.includes('object')) return ofProperties(schema, schemas, place);
  if (types.includes('array')) return [exampleOf(schema.items ?? {}, schemas, `${place}[]`)];
  if (types.includes('boolean')) return false;
  if (schema.format === 'uuid') return UUID;
  throw new Error(`${place} has no example`);
}

function ofProperties({ properties = {}, required = [] }: Schema, schemas: Readonly<Record<string, Schema>>, place: string): unknown {
  const shown = Object.entries(properties).filter(([name, part]) => required.includes(name) || showsExample(part));
  return Object.fromEntries(shown.map(([name, part]) => [name, exampleOf(part, schemas, `${place}.${name}`)]));
}

const showsExample = ({ example, examples }: Schema): boolean => example !== undefined || examples !== undefined;
