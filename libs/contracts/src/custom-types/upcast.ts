import type { Payload } from '../sentence/filters.js';
import type { Place, UpcastOp } from './type-definition.js';

type Json = Record<string, unknown>;

/** The payload after all steps, one after the other. Depends on its arguments alone, changes neither, fails for no payload. */
export function upcast(payload: Payload, ops: readonly UpcastOp[]): Payload {
  return ops.reduce<Payload>(step, payload);
}

function step(payload: Payload, op: UpcastOp): Payload {
  if ('rename' in op) return rename(payload, segmentsOf(op.rename.from), op.rename.to);
  if ('move' in op) return move(payload, segmentsOf(op.move.from), segmentsOf(op.move.to));
  if ('default' in op) return read(payload, segmentsOf(op.default.field)) === undefined ? write(payload, op.default) : payload;
  if ('mapValue' in op) return mapValue(payload, op.mapValue);
  return without(payload, segmentsOf(op.drop.field));
}

/** `a` and `/a` name the same field; `/a/b` one inside it. */
export function segmentsOf(place: Place): string[] {
  if (!place.startsWith('/')) return [place];
  return place
    .slice(1)
    .split('/')
    .map((segment) => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function rename(payload: Payload, from: readonly string[], to: string): Payload {
  return move(payload, from, [...from.slice(0, -1), to]);
}

function move(payload: Payload, from: readonly string[], to: readonly string[]): Payload {
  const value = read(payload, from);
  if (value === undefined || read(payload, to) !== undefined) return payload;
  const moved = put(without(payload, from), to, value);
  // something that is no object stands in the way: nothing is lost
  return moved ?? payload;
}

function write(payload: Payload, { field, value }: { readonly field: Place; readonly value: unknown }): Payload {
  return put(payload, segmentsOf(field), value) ?? payload;
}

function mapValue(payload: Payload, { field, map, otherwise }: Extract<UpcastOp, { mapValue: unknown }>['mapValue']): Payload {
  const segments = segmentsOf(field);
  const value = read(payload, segments);
  const key = keyOf(value);
  if (key === undefined) return payload;
  const mapped = Object.hasOwn(map, key) ? map[key] : otherwise;
  return mapped === undefined ? payload : (put(payload, segments, mapped) ?? payload);
}

function keyOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? String(value) : undefined;
}

function read(payload: Payload, segments: readonly string[]): unknown {
  let value: unknown = payload;
  for (const segment of segments) {
    if (!isObject(value) || !Object.hasOwn(value, segment)) return undefined;
    value = value[segment];
  }
  return value;
}

/** A copy with the value at the place; `undefined` where something that is no object stands in the way. */
function put(payload: Payload, [first = '', ...rest]: readonly string[], value: unknown): Payload | undefined {
  if (rest.length === 0) return { ...payload, [first]: value };
  const inner = Object.hasOwn(payload, first) ? payload[first] : {};
  const changed = isObject(inner) ? put(inner, rest, value) : undefined;
  return changed && { ...payload, [first]: changed };
}

function without(payload: Payload, [first = '', ...rest]: readonly string[]): Payload {
  if (!Object.hasOwn(payload, first)) return payload;
  const inner = payload[first];
  if (rest.length > 0) return isObject(inner) ? { ...payload, [first]: without(inner, rest) } : payload;
  const copy: Json = { ...payload };
  delete copy[first];
  return copy;
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
