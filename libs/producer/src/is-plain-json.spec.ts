import fc from 'fast-check';
import { isPlainJson } from './is-plain-json.js';

describe('whether a value is what its JSON says', () => {
  it('is true for whatever JSON can say', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => expect(isPlainJson(JSON.parse(JSON.stringify(value)))).toBe(true)));
  });

  it('is only true where reading the JSON gives the same', () => {
    const odd = fc.anything({ withDate: true, withMap: true, withBigInt: true, withSparseArray: true, withNullPrototype: true });
    fc.assert(
      fc.property(odd, (value) => {
        if (!isPlainJson(value)) return;
        const again: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.stringify(again)).toBe(JSON.stringify(value));
        expect(again).toEqual(withoutPrototypes(value));
      }),
    );
  });

  it.each([
    [undefined],
    [{ at: new Date(0) }],
    [[Number.NaN]],
    [{ a: undefined }],
    [1n],
    [new Map()],
    [{ toJSON: () => 1 }],
    [new Array(1)],
  ])('is false for %p', (value) => expect(isPlainJson(value)).toBe(false));

  it('is false for a cycle and for what is nested very deeply', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(isPlainJson(cycle)).toBe(false);
  });
});

/** JSON has one zero, and no objects without a prototype. */
function withoutPrototypes(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutPrototypes(inner)]));
}
