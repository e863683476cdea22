import fc from 'fast-check';
import { tagsAsOf, type KnownChange } from './tags-as-of.js';

const small = fc.bigInt({ min: 0n, max: 8n });
const change: fc.Arbitrary<Omit<KnownChange, 'position'>> = fc.record({
  tag: fc.constantFrom('vip', 'warm'),
  added: fc.boolean(),
  occurredAt: small,
  retractedAt: fc.option(small),
});
const order = (a: KnownChange, b: KnownChange): number => Number(a.occurredAt - b.occurredAt) || Number(a.position - b.position);

it('a tag stands if the last change that counts gave it, whatever order they were appended in', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), small, small, (drawn, occurredAt, position) => {
      const changes = drawn.map((one, i): KnownChange => ({ ...one, position: BigInt(i) })).sort(order);
      const counting = changes.filter(
        (one) => one.occurredAt <= occurredAt && one.position < position && !(one.retractedAt !== null && one.retractedAt < position),
      );
      const expected = ['vip', 'warm'].filter((tag) => counting.findLast((one) => one.tag === tag)?.added);
      expect(tagsAsOf(changes, { occurredAt, position }).sort()).toEqual(expected);
    }),
  );
});

it('what is appended after an event never changes its tags', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.array(change, { maxLength: 4 }), small, (before, after, occurredAt) => {
      const position = BigInt(before.length);
      const known = before.map((one, i): KnownChange => ({ ...one, position: BigInt(i) }));
      const later = after.map((one, i): KnownChange => ({ ...one, position: position + BigInt(i) }));
      const at = { occurredAt, position };
      expect(new Set(tagsAsOf([...known, ...later].sort(order), at))).toEqual(new Set(tagsAsOf([...known].sort(order), at)));
    }),
  );
});
