import { PERSONAL } from '../payload-fields.js';

type Schema = Readonly<Record<string, unknown>>;

/**
 * A payload without personal data, for readers who need none: only members that the schema declares and does not mark `x-annals-pii`, within objects
 * and lists too. What no schema declares may be anybody's name, so it stays here.
 */
export function withoutPersonal(schema: Schema, payload: Schema): Record<string, unknown> {
  const declared = Object.entries(asSchema(schema.properties));
  return Object.fromEntries(
    declared.flatMap(([name, member]): [string, unknown][] => {
      const value = Object.hasOwn(payload, name) ? cleared(asSchema(member), payload[name]) : undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Undefined: nothing of it may be told. */
function cleared(schema: Schema, value: unknown): unknown {
  if (schema[PERSONAL] === true) return undefined;
  if (!marksAnything(schema)) return value;
  if (isObject(value) && isObject(schema.properties)) return withoutPersonal(schema, value);
  if (Array.isArray(value) && isObject(schema.items)) {
    const { items } = schema;
    return value.map((item) => cleared(items, item)).filter((item) => item !== undefined);
  }
  // a choice of schemas, one of them personal: whichever holds, nothing is told
  return undefined;
}

/** Asked for every member of every event, and always of the same schemas. */
const marked = new WeakMap<Schema, boolean>();

function marksAnything(schema: Schema): boolean {
  const known = marked.get(schema);
  if (known !== undefined) return known;
  const found = JSON.stringify(schema).includes(`"${PERSONAL}":true`);
  marked.set(schema, found);
  return found;
}

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
const asSchema = (value: unknown): Schema => (isObject(value) ? value : {});
