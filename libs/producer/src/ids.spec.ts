import fc from 'fast-check';
import { idFrom, timedIdFrom, uuidV7 } from './ids.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MS = Date.UTC(2026, 0, 5, 14, 30);

describe('ids', () => {
  it('made at random ascend, also within a millisecond and when the clock steps back', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => uuidV7(MS + (i % 7 === 0 ? -i : 0)));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => UUID.test(id) && id[14] === '7')).toBe(true);
  });

  it('made from parts are the same for the same parts, and tell all others apart', () => {
    expect(idFrom('crm', 42)).toBe(idFrom('crm', 42));
    expect(idFrom('crm', 42)).toMatch(UUID);
    const parts = fc.array(fc.oneof(fc.string(), fc.nat()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = JSON.stringify(one.map(String)) === JSON.stringify(other.map(String));
        expect(idFrom(...(one as [string])) === idFrom(...(other as [string]))).toBe(same);
      }),
    );
    expect(idFrom('ab', 'c')).not.toBe(idFrom('a', 'bc'));
  });

  it('made from a time and parts carry the time in front, in the shape of a UUIDv7', () => {
    const id = timedIdFrom(new Date(MS), 'crm', 42);
    expect(id).toBe(timedIdFrom('2026-01-05T15:30:00+01:00', 'crm', 42));
    expect(parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(MS);
    expect(id).toMatch(UUID);
    expect(id[14]).toBe('7');
    expect(timedIdFrom(new Date(MS + 1), 'crm', 42).slice(-12)).not.toBe(id.slice(-12));
    expect(() => timedIdFrom('yesterday', 'crm')).toThrow(RangeError);
  });
});
