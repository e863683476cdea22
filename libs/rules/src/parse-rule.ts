import type { EventDefinition } from '#libs/contracts';
import { Faults, isObject, member, refuseUnknown, type Fault } from './faults.js';
import { LIMITS } from './limits.js';
import { readAction } from './parse-action.js';
import { ConditionReader } from './parse-condition.js';
import type { Action, Condition, Rule } from './rule.js';

export type ParsedRule =
  { readonly outcome: 'rule'; readonly rule: Rule } | { readonly outcome: 'refused'; readonly faults: readonly Fault[] };

/** The type behind a name or alias, as this tenant knows it. */
export type ResolveType = (name: string) => EventDefinition | undefined;

/**
 * Reads a rule as JSON. What it accepts can be evaluated on every event of its types: unknown fields, operators that mean nothing for
 * a field and values of the wrong kind are refused here, with a JSON Pointer, and never met later. Does not throw, whatever it is given.
 */
export function parseRule(value: unknown, resolve: ResolveType): ParsedRule {
  const faults = new Faults();
  const rule = isObject(value) ? readRule(value, resolve, faults) : faults.add('', 'must be an object');
  return rule && faults.found.length === 0 ? { outcome: 'rule', rule } : { outcome: 'refused', faults: faults.found };
}

function readRule(value: Readonly<Record<string, unknown>>, resolve: ResolveType, faults: Faults): Rule {
  refuseUnknown(value, ['name', 'on', 'if', 'then', 'maxAgeHours'], '', faults);
  const types = readTypes(value['on'], resolve, faults);
  const name = readName(value['name'], faults) ?? '';
  const condition = readCondition(value['if'], types, faults);
  const then = readActions(value['then'], types, faults);
  const maxAgeHours = readAge(value['maxAgeHours'], faults);
  const on = types.map(({ type }) => type);
  return { name, on, ...(condition && { if: condition }), then, ...(maxAgeHours !== undefined && { maxAgeHours }) };
}

function readName(value: unknown, faults: Faults): string | undefined {
  const fits = typeof value === 'string' && value.trim() !== '' && value.length <= LIMITS.nameLength && !/\p{Cc}|\p{Cs}/u.test(value);
  return fits ? value.trim() : faults.add('/name', `must be text of 1 to ${LIMITS.nameLength} characters, without control characters`);
}

/** The types behind `on`, each once, sorted by name. */
export function readTypes(value: unknown, resolve: ResolveType, faults: Faults): EventDefinition[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > LIMITS.types) {
    faults.add('/on', `must be a list of 1 to ${LIMITS.types} types`);
    return [];
  }
  const found = new Map<string, EventDefinition>();
  for (const [i, name] of value.entries()) {
    const definition = typeof name === 'string' ? resolve(name) : undefined;
    if (definition) found.set(definition.type, definition);
    else faults.add(member('/on', i), name === 'notification.created' ? 'never starts a rule' : 'is no known type');
  }
  return [...found.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** Without types no field means anything: their fault is enough. */
export function readCondition(value: unknown, types: readonly EventDefinition[], faults: Faults): Condition | undefined {
  return value === undefined || types.length === 0 ? undefined : new ConditionReader(types, faults).read(value, '/if');
}

function readActions(value: unknown, types: readonly EventDefinition[], faults: Faults): Action[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > LIMITS.actions) {
    faults.add('/then', `must be a list of 1 to ${LIMITS.actions} actions`);
    return [];
  }
  return value.map((action, i) => readAction(action, member('/then', i), types, faults)).filter((action) => action !== undefined);
}

function readAge(value: unknown, faults: Faults): number | undefined {
  if (value === undefined) return undefined;
  const fits = typeof value === 'number' && value > 0 && value <= LIMITS.ageHours;
  return fits ? value : faults.add('/maxAgeHours', `must be a number of hours, above 0 and at most ${LIMITS.ageHours}`);
}
