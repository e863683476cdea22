import fc from 'fast-check';
import { aRow, aType } from './a-type.fixture.js';
import { asNewest, customDefinition } from './custom-definition.js';
import type { UpcastOp } from './type-definition.js';
import { upcast } from './upcast.js';

const field = fc.constantFrom('a', 'b', 'c', '/a/x', '/b/y/z', '/c');
const name = fc.constantFrom('a', 'b', 'c', 'd', '~x');
const op: fc.Arbitrary<UpcastOp> = fc.oneof(
  fc.record({ rename: fc.record({ from: field, to: name }) }),
  fc.record({ move: fc.record({ from: field, to: field }) }),
  fc.record({ default: fc.record({ field, value: fc.jsonValue() }) }),
  fc.record({ mapValue: fc.record({ field, map: fc.dictionary(fc.constantFrom('1', 'x', 'null'), fc.jsonValue()) }) }),
  fc.record({ drop: fc.record({ field }) }),
);
const ops = fc.array(op, { maxLength: 6 });
const payload = fc.dictionary(name, fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('x', 'y'), fc.jsonValue())));
const text = (value: unknown): string => JSON.stringify(value);

describe('an upcaster', () => {
  it.each<[string, UpcastOp, object, object]>([
    ['renames', { rename: { from: 'a', to: 'b' } }, { a: 1, c: 2 }, { b: 1, c: 2 }],
    ['renames inside', { rename: { from: '/a/x', to: 'y' } }, { a: { x: 1 } }, { a: { y: 1 } }],
    ['leaves what stands under the new name', { rename: { from: 'a', to: 'b' } }, { a: 1, b: 2 }, { a: 1, b: 2 }],
    ['moves into an object it makes', { move: { from: 'a', to: '/b/c' } }, { a: 1 }, { b: { c: 1 } }],
    ['moves out', { move: { from: '/a/x', to: 'x' } }, { a: { x: 1, y: 2 } }, { a: { y: 2 }, x: 1 }],
    ['moves nothing over what is no object', { move: { from: 'a', to: '/b/c' } }, { a: 1, b: 2 }, { a: 1, b: 2 }],
    ['fills in what is absent', { default: { field: 'a', value: [1] } }, {}, { a: [1] }],
    ['keeps what is there, null too', { default: { field: 'a', value: 1 } }, { a: null }, { a: null }],
    ['maps values', { mapValue: { field: 'a', map: { x: 'y', 1: true } } }, { a: 1 }, { a: true }],
    ['keeps values that are not in the map', { mapValue: { field: 'a', map: { x: 'y' } } }, { a: 'z' }, { a: 'z' }],
    ['maps all others at once', { mapValue: { field: 'a', map: { x: 'y' }, otherwise: 'o' } }, { a: 'z' }, { a: 'o' }],
    ['does not map what objects inherit', { mapValue: { field: 'a', map: {} } }, { a: 'toString' }, { a: 'toString' }],
    ['drops', { drop: { field: '/a/x' } }, { a: { x: 1 } }, { a: {} }],
    ['reads names with slashes', { drop: { field: '/a~1b/~0' } }, { 'a/b': { '~': 1 } }, { 'a/b': {} }],
  ])('%s', (_, step, before, after) => {
    expect(upcast(before as Record<string, unknown>, [step])).toEqual(after);
  });

  it('does the same in one go as step by step, whatever the steps and the payload', () => {
    fc.assert(
      fc.property(payload, ops, ops, (before, first, second) => {
        expect(upcast(upcast(before, first), second)).toEqual(upcast(before, [...first, ...second]));
      }),
    );
  });

  it('never changes the payload it is given, and says the same each time', () => {
    fc.assert(
      fc.property(payload, ops, (before, steps) => {
        const written = text(before);
        const once = text(upcast(before, steps));
        expect([text(before), text(upcast(before, steps))]).toEqual([written, once]);
      }),
    );
  });

  it('leads on from version to version', () => {
    fc.assert(
      fc.property(payload, ops, ops, (before, first, second) => {
        const registered = [
          aRow(aType()),
          aRow(aType({ upcasters: [{ from: 1, to: 2, ops: first }] }), 2),
          aRow(aType({ upcasters: [{ from: 2, to: 3, ops: second }] }), 3),
        ];
        expect(asNewest(registered, 1, before)).toEqual(asNewest(registered, 2, upcast(before, first)));
        expect(asNewest(registered, 3, before)).toEqual(before);
      }),
    );
  });

  it('is what makes an old event read as a newer version; without one it reads as it was written', () => {
    const registered = [
      aRow(aType()),
      aRow(aType({ upcasters: [{ from: 1, to: 2, ops: [{ rename: { from: 'a', to: 'b' } }] }] }), 2),
      aRow(aType({ summary: 'held one' }), 3),
    ];
    const { readToday } = customDefinition(registered, []);
    expect(readToday?.(1, { a: 1 })).toEqual({ version: 2, payload: { b: 1 } });
    expect(readToday?.(2, { a: 1 })).toEqual({ version: 2, payload: { a: 1 } });
    expect(readToday?.(3, { a: 1 })).toEqual({ version: 3, payload: { a: 1 } });
  });
});
