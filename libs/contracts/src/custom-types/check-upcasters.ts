import { segmentsOf } from './upcast.js';
import type { DefinitionFault, Upcaster } from './type-definition.js';

const MOST_OPS = 50;
const LONGEST_PLACE = 512;
const DEEPEST_PLACE = 16;
const KINDS: Readonly<Record<string, readonly (readonly [member: string, optional?: 'optional'])[]>> = {
  rename: [['from'], ['to']],
  move: [['from'], ['to']],
  default: [['field'], ['value']],
  mapValue: [['field'], ['map'], ['otherwise', 'optional']],
  drop: [['field']],
};
/** Members that name a place in the payload. */
const PLACES: ReadonlySet<string> = new Set(['from', 'to', 'field']);

type Json = Readonly<Record<string, unknown>>;

/** What is wrong with the upcasters of a definition by itself; whether they lead to this version is known when it is registered. */
export function checkUpcasters(upcasters: readonly unknown[]): DefinitionFault[] {
  if (upcasters.length > 1) return [{ pointer: '/upcasters', message: 'one at most: from the version before; earlier ones are kept' }];
  return upcasters.flatMap((upcaster) => checkUpcaster(upcaster, '/upcasters/0'));
}

function checkUpcaster(upcaster: unknown, pointer: string): DefinitionFault[] {
  if (!isObject(upcaster)) return [{ pointer, message: 'must be an object { from, to, ops }' }];
  const { from, to, ops } = upcaster as Partial<Upcaster>;
  const unknown = Object.keys(upcaster).filter((key) => !['from', 'to', 'ops'].includes(key));
  if (unknown.length > 0) return [{ pointer: `${pointer}/${unknown[0]}`, message: 'is no member of an upcaster' }];
  if (!Number.isInteger(from)) return [{ pointer: `${pointer}/from`, message: 'must be the version that is read' }];
  if (to !== Number(from) + 1) return [{ pointer: `${pointer}/to`, message: 'must be one more than from' }];
  if (!Array.isArray(ops) || ops.length === 0 || ops.length > MOST_OPS)
    return [{ pointer: `${pointer}/ops`, message: `must be a list of 1 to ${MOST_OPS} steps` }];
  return ops.flatMap((op, i) => checkOp(op, `${pointer}/ops/${i}`));
}

function checkOp(op: unknown, pointer: string): DefinitionFault[] {
  const [kind, ...others] = isObject(op) ? Object.keys(op) : [];
  const members = kind === undefined || others.length > 0 || !Object.hasOwn(KINDS, kind) ? undefined : KINDS[kind];
  if (members === undefined || kind === undefined)
    return [{ pointer, message: `must have one member, the step: ${Object.keys(KINDS).join(', ')}` }];
  const step = (op as Json)[kind];
  if (!isObject(step))
    return [{ pointer: `${pointer}/${kind}`, message: `must be an object { ${members.map(([name]) => name).join(', ')} }` }];
  const fault = stepFault(kind, step, members);
  return fault === undefined ? [] : [{ pointer: `${pointer}/${kind}/${fault.member}`, message: fault.message }];
}

type Members = (typeof KINDS)[string];

function stepFault(kind: string, step: Json, members: Members): { member: string; message: string } | undefined {
  const stranger = Object.keys(step).find((key) => !members.some(([name]) => name === key));
  if (stranger !== undefined) return { member: stranger, message: `is no member of ${kind}` };
  for (const [member, optional] of members) {
    const value = step[member];
    if (value === undefined) {
      if (optional === undefined) return { member, message: 'is needed' };
    } else if (PLACES.has(member) && !isPlace(value)) return { member, message: 'must be the name of a field or a JSON Pointer' };
    else if (member === 'map' && !isObject(value)) return { member, message: 'must be an object: old value to new' };
  }
  if (kind === 'rename' && String(step.to).startsWith('/')) return { member: 'to', message: 'must be a plain name; move takes a pointer' };
  return undefined;
}

function isPlace(value: unknown): boolean {
  if (typeof value !== 'string' || value.length === 0 || value.length > LONGEST_PLACE) return false;
  const segments = segmentsOf(value);
  return segments.length <= DEEPEST_PLACE && !segments.includes('__proto__');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
