/** Deeper values are looked at as text. */
const DEPTH = 32;

/** Whether `JSON.parse(JSON.stringify(value))` would be the same value: no dates, classes, `undefined`, NaN, holes or cycles. */
export function isPlainJson(value: unknown, depth = DEPTH): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      if (value === null) return true;
      if (depth === 0) return false;
      return Array.isArray(value) ? isPlainList(value, depth - 1) : isPlainObject(value, depth - 1);
    default:
      return false;
  }
}

function isPlainList(list: readonly unknown[], depth: number): boolean {
  for (let i = 0; i < list.length; i++) if (!isPlainJson(list[i], depth)) return false;
  return true;
}

function isPlainObject(object: object, depth: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if ((prototype !== Object.prototype && prototype !== null) || 'toJSON' in object) return false;
  for (const key of Object.keys(object)) if (!isPlainJson((object as Record<string, unknown>)[key], depth)) return false;
  return true;
}
