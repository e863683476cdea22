import { ACTOR_TYPES, CUSTOMERS, DECIMAL_PATTERN, ENTITY_TYPES, type EventDefinition } from '#libs/contracts';

/** What a field holds, as far as it decides which operators mean something. `decimal`: an amount as text. `object`: only `exists`. */
export type FieldKind = 'text' | 'number' | 'decimal' | 'flag' | 'time' | 'texts' | 'object';

export interface Field {
  readonly kind: FieldKind;
  /** Every value there can be, where they are few and known. */
  readonly values?: readonly string[];
}

/** A sentence says why there is no such field. */
export type FieldFound = { readonly outcome: 'found'; readonly field: Field } | { readonly outcome: 'unknown'; readonly message: string };

const TAGGED: readonly string[] = CUSTOMERS;
const ENTITIES: readonly string[] = ENTITY_TYPES;
const KNOWN = 'payload.<field>, type, source, actor.type, actor.id, occurredAt, <record type>.id, <record type>.tags';

/** Looks a field up for events of all of these types. A payload field must mean the same in each of them. */
export function findField(path: string, types: readonly EventDefinition[]): FieldFound {
  const fixed = fixedField(path, types);
  if (fixed) return found(fixed);
  if (path.startsWith('payload.')) return payloadField(path.slice('payload.'.length).split('.'), types);
  const [entity = '', part, more] = path.split('.');
  if (more === undefined && ENTITIES.includes(entity)) {
    if (part === 'id') return found({ kind: 'text' });
    if (part === 'tags' && TAGGED.includes(entity)) return found({ kind: 'texts' });
    if (part === 'tags') return unknown(`only ${TAGGED.join(', ')} have tags`);
  }
  return unknown(`is no field; fields are ${KNOWN}`);
}

function fixedField(path: string, types: readonly EventDefinition[]): Field | undefined {
  switch (path) {
    case 'type':
      return { kind: 'text', values: types.map(({ type }) => type) };
    case 'actor.type':
      return { kind: 'text', values: ACTOR_TYPES };
    case 'source':
    case 'actor.id':
      return { kind: 'text' };
    case 'occurredAt':
      return { kind: 'time' };
    default:
      return undefined;
  }
}

function payloadField(path: readonly string[], types: readonly EventDefinition[]): FieldFound {
  const fields: Field[] = [];
  for (const definition of types) {
    const schema = schemaAt(newestPayload(definition), path);
    if (schema === undefined) return unknown(`the payload of ${definition.type} has no such field`);
    fields.push(fieldOf(schema));
  }
  const [first] = fields;
  if (first === undefined) return unknown('on names no type');
  const other = fields.findIndex(({ kind }) => kind !== first.kind);
  if (other > 0) return unknown(`is ${first.kind} in ${types[0]?.type} but ${fields[other]?.kind} in ${types[other]?.type}`);
  const values = fields.flatMap((field) => field.values ?? []);
  return found(fields.every((field) => field.values) ? { kind: first.kind, values: [...new Set(values)] } : { kind: first.kind });
}

/** Older versions are upcast or simply lack the field. */
function newestPayload({ versions }: EventDefinition): unknown {
  const newest = Math.max(...Object.keys(versions).map(Number));
  return versions[newest]?.payload;
}

type Schema = Readonly<Record<string, unknown>>;
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

function schemaAt(schema: unknown, path: readonly string[]): Schema | undefined {
  let at: unknown = schema;
  for (const name of path) {
    const properties: unknown = isSchema(at) ? at['properties'] : undefined;
    if (!isSchema(properties) || !Object.hasOwn(properties, name)) return undefined;
    at = properties[name];
  }
  return isSchema(at) ? at : undefined;
}

function fieldOf(schema: Schema): Field {
  const values = schema['enum'];
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return { kind: 'text', values };
  const named = [schema['type']].flat().filter((name) => name !== 'null');
  if (named.length !== 1) return { kind: 'object' };
  switch (named[0]) {
    case 'string':
      return { kind: schema['format'] === 'date-time' ? 'time' : schema['pattern'] === DECIMAL_PATTERN ? 'decimal' : 'text' };
    case 'number':
    case 'integer':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'flag' };
    case 'array':
      return { kind: isSchema(schema['items']) && fieldOf(schema['items']).kind === 'text' ? 'texts' : 'object' };
    default:
      return { kind: 'object' };
  }
}

const found = (field: Field): FieldFound => ({ outcome: 'found', field });
const unknown = (message: string): FieldFound => ({ outcome: 'unknown', message });
