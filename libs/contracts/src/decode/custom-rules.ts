import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { PERSONAL } from '../payload-fields.js';
import { parseTime } from '../rfc3339.js';

const isDateTime = (text: string): boolean => parseTime(text) !== undefined;
const URI = /^[a-z][a-z0-9+.-]*:\S+$/i;

/** The formats that a tenant's schema may name; each is tried in time that grows with the text and no faster. */
const FORMATS: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  uri: URI,
  'date-time': isDateTime,
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDateTime(`${text}T00:00:00Z`),
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  email: /^[^\s@]+@[^\s@]+$/,
};

export function isKnownFormat(name: string): boolean {
  return Object.hasOwn(FORMATS, name);
}

let dialect: Ajv2020 | undefined;

/** What JSON Schema 2020-12 itself finds wrong with a schema; none: `compileCustom` may still find more. */
export function schemaErrors(schema: object): readonly ErrorObject[] {
  // the dialect is a schema of its own, and compiling it takes longer than all the rest
  dialect ??= new Ajv2020();
  return dialect.validateSchema(schema) === true ? [] : (dialect.errors ?? []);
}

/**
 * Compiles a schema without `schemaErrors`; throws for one that the strict mode of Ajv refuses. One Ajv for each schema: whatever one of
 * them says, no other one learns of it.
 */
export function compileCustom(schema: object): ValidateFunction {
  // what a branch of anyOf requires may well be declared outside of it
  const strictness = { strict: true, strictRequired: false, allowUnionTypes: true };
  const ajv = new Ajv2020({ ...strictness, meta: false, validateSchema: false, addUsedSchema: false });
  ajv.addVocabulary([PERSONAL]);
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  return ajv.compile(schema);
}
