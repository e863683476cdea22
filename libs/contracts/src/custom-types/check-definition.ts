import type { ErrorObject } from 'ajv';
import { compileCustom, schemaErrors } from '../decode/custom-rules.js';
import { ANY_RECORD } from '../entity-types.js';
import { eventDefinition } from '../registry.js';
import { TABS } from '../tabs.js';
import { checkSchema } from './check-schema.js';
import { sentenceFault } from './check-sentence.js';
import { checkUpcasters } from './check-upcasters.js';
import { CUSTOM_PREFIX, CUSTOM_TYPE, TYPE_NAME, type DefinitionFault, type TypeDefinition } from './type-definition.js';

/** A definition as JSON, characters. */
const LARGEST = 65_536;
const DEEPEST = 32;
const MOST_EXAMPLES = 20;
const MOST_ALIASES = 8;
const HIGHEST_WEIGHT = 1_000;
const ICON = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_ICON = 40;

const fault = (pointer: string, message: string): DefinitionFault => ({ pointer, message });

/** Everything that is wrong with a definition by itself, whatever versions there were before. None: its schema compiles and its examples pass. */
export function checkDefinition(definition: TypeDefinition): DefinitionFault[] {
  const size = checkSize(definition);
  if (size.length > 0) return size;
  const plain = [...checkNames(definition), ...checkLists(definition), ...checkUpcasters(definition.upcasters)];
  const schema = checkSchema(definition.schema, '/schema');
  if (schema.length > 0) return [...plain, ...schema];
  const compiled = checkCompiles(definition);
  return compiled.length > 0 ? [...plain, ...compiled] : [...plain, ...checkFields(definition), ...checkExamples(definition)];
}

/** Before anything else, because everything else walks through it. */
export function checkSize(definition: TypeDefinition): DefinitionFault[] {
  if (depthOf(definition) > DEEPEST) return [fault('', `nested more than ${DEEPEST} levels deep`)];
  return JSON.stringify(definition).length > LARGEST ? [fault('', `larger than ${LARGEST} characters`)] : [];
}

/** Stops one level beyond what is allowed. */
function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return depth;
  return Math.max(depth, ...Object.values(value).map((inner) => depthOf(inner, depth + 1)));
}

function checkNames({ type, aliases, icon }: TypeDefinition): DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  if (!CUSTOM_TYPE.test(type)) faults.push(fault('/type', 'must be custom.<name>: small letters, digits and underscores, at most 63'));
  if (!ICON.test(icon) || icon.length > LONGEST_ICON) faults.push(fault('/icon', `must be a short name such as calendar-check`));
  if (aliases.length > MOST_ALIASES) faults.push(fault('/aliases', `at most ${MOST_ALIASES}`));
  aliases.forEach((alias, i) => {
    const pointer = `/aliases/${i}`;
    if (!TYPE_NAME.test(alias) || alias.startsWith(CUSTOM_PREFIX))
      faults.push(fault(pointer, 'must be the name of a type, in lower case, not beginning with custom.'));
    else if (eventDefinition(alias)) faults.push(fault(pointer, 'is the name of a built-in type'));
  });
  return faults;
}

function checkLists({ tabs, primary, scoreWeight }: TypeDefinition): DefinitionFault[] {
  const knownTabs = TABS.filter((tab) => tab !== 'all');
  const faults = [...strangers('/tabs', tabs, knownTabs), ...strangers('/primary', primary, ANY_RECORD)];
  if (primary.length === 0) faults.push(fault('/primary', `needs at least one of ${ANY_RECORD.join(', ')}`));
  if (scoreWeight !== null && Math.abs(scoreWeight) > HIGHEST_WEIGHT)
    faults.push(fault('/scoreWeight', `must lie between -${HIGHEST_WEIGHT} and ${HIGHEST_WEIGHT}`));
  return faults;
}

function strangers(pointer: string, given: readonly string[], known: readonly string[]): DefinitionFault[] {
  return given.flatMap((one, i) => (known.includes(one) ? [] : [fault(`${pointer}/${i}`, `must be one of ${known.join(', ')}`)]));
}

/** Where Ajv finds fault with the schema: it names a place in the schema, or the keyword in its message. */
function checkCompiles({ schema }: TypeDefinition): DefinitionFault[] {
  const [error] = schemaErrors(schema);
  if (error) return [fault(`/schema${error.instancePath}`, error.message ?? 'is no schema')];
  try {
    compileCustom(schema);
    return [];
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const [, place = ''] = / at "#([^"]*)"/.exec(said) ?? [];
    return [fault(`/schema${place}`, said.replace(/^strict mode: /, '').replace(/ at "#.*$/, ''))];
  }
}

function checkFields({ schema, summary, ...named }: TypeDefinition): DefinitionFault[] {
  const fields = Object.keys(schema.properties ?? {});
  const lists = [
    ['/schema/required', schema.required ?? []],
    ['/pii', named.pii],
    ['/groupBy', named.groupBy],
    ['/customerFields', named.customerFields],
  ] as const;
  const faults = lists.flatMap(([pointer, names]) =>
    names.flatMap((name, i) => (fields.includes(name) ? [] : [fault(`${pointer}/${i}`, 'is no field of the schema')])),
  );
  if (named.customerFields.length > 0 && named.visibility !== 'customer')
    faults.push(fault('/customerFields', 'means nothing while visibility is staff'));
  const said = sentenceFault(summary, fields);
  return said === undefined ? faults : [...faults, fault('/summary', said)];
}

function checkExamples({ schema, examples }: TypeDefinition): DefinitionFault[] {
  if (examples.length > MOST_EXAMPLES) return [fault('/examples', `at most ${MOST_EXAMPLES}`)];
  const validate = compileCustom(schema);
  return examples.flatMap((example, i) =>
    validate(example) ? [] : [fault(`/examples/${i}${placeOf(validate.errors?.[0])}`, reasonOf(validate.errors?.[0]))],
  );
}

/** Keywords and limits, never a value. */
export function reasonOf(error: ErrorObject | undefined): string {
  return error?.message ?? 'does not match the schema';
}

export function placeOf(error: ErrorObject | undefined): string {
  return error?.instancePath ?? '';
}
