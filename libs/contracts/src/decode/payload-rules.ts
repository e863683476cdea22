import { Ajv, type ValidateFunction } from 'ajv';
import { CUSTOM_PREFIX } from '../custom-types/type-definition.js';
import type { EventDefinition, EventVersion } from '../event-definition.js';
import { EVENT_DEFINITIONS } from '../events/index.js';
import { PERSONAL } from '../payload-fields.js';
import { parseTime } from '../rfc3339.js';
import { compileCustom } from './custom-rules.js';

/** What decoding needs of one version of a payload, made once from its schema. */
export interface PayloadRules {
  readonly validate: ValidateFunction;
  /** Other spellings of a known key, each with the key meant, in order of precedence. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly fields: ReadonlySet<string>;
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
ajv.addVocabulary([PERSONAL]);
ajv.addFormat('uri', /^[a-z][a-z0-9+.-]*:\S+$/i);
ajv.addFormat('date-time', { type: 'string', validate: (text: string) => parseTime(text) !== undefined });

const compiled = new WeakMap<EventVersion, PayloadRules>();

/** Compiled at the first event of a version (a few milliseconds), then remembered. */
export function payloadRules(definition: EventDefinition, version: number): PayloadRules | undefined {
  const schema = definition.versions[version];
  if (!schema) return undefined;
  const known = compiled.get(schema);
  if (known) return known;
  const names = Object.keys(schema.payload.properties);
  const validate = definition.type.startsWith(CUSTOM_PREFIX) ? compileStored(schema.payload) : ajv.compile(schema.payload);
  const rules = { validate, aliases: aliasesOf(definition.type, names), fields: new Set(names) };
  compiled.set(schema, rules);
  return rules;
}

/** Compiles the rules of every built-in version, some 200 ms in all: else the first event of each type pays, in the middle of a batch. */
export function compileRules(): void {
  for (const definition of EVENT_DEFINITIONS as readonly EventDefinition[]) {
    for (const version of Object.keys(definition.versions)) payloadRules(definition, Number(version));
  }
}

/** Decoding throws for nothing: a schema that was taken once and does not compile any more refuses its events, and no others. */
function compileStored(schema: object): PayloadRules['validate'] {
  try {
    return compileCustom(schema);
  } catch {
    return ajv.compile({ not: {} });
  }
}

/** Catalogue § 2: snake case for every known field, and a few short names of the seeds. */
function aliasesOf(type: string, fields: readonly string[]): Map<string, string> {
  const snake = fields.map((field): [string, string] => [field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), field]);
  const short = Object.entries(shortNames(type)).filter(([, field]) => fields.includes(field));
  // a field that is called like another's alias means itself
  return new Map([...snake, ...short].filter(([alias]) => !fields.includes(alias)));
}

function shortNames(type: string): Record<string, string> {
  if (type.startsWith('email.')) return { subject: 'emailSubject' };
  if (type.endsWith('.stage_changed')) return { from: 'fromStage', to: 'toStage' };
  return type === 'lead.status_changed' ? { from: 'fromStatus', to: 'toStatus' } : {};
}
