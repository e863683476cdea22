import fc from 'fast-check';
import { monthOf } from './month-of.js';

const micros = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n;

describe('the month of a time', () => {
  it('changes with the first microsecond of a month in UTC', () => {
    expect(monthOf(micros('2026-01-01T00:00:00Z'))).toBe(2026 * 12);
    expect(monthOf(micros('2026-01-01T00:00:00Z') - 1n)).toBe(2025 * 12 + 11);
    expect(monthOf(micros('2024-02-29T23:59:59.999Z'))).toBe(2024 * 12 + 1);
  });

  it('holds to the microsecond where a number would not', () => {
    const start = micros('9999-12-01T00:00:00Z');
    expect(monthOf(start - 1n)).toBe(9999 * 12 + 10);
    expect(monthOf(start)).toBe(9999 * 12 + 11);
  });

  it('is the UTC calendar month of every date from year 0 to 9999', () => {
    const min = new Date('0000-01-01T00:00:00Z');
    const max = new Date('9999-12-31T23:59:59Z');
    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), fc.integer({ min: 0, max: 999 }), (date, rest) => {
        expect(monthOf(BigInt(date.getTime()) * 1000n + BigInt(rest))).toBe(date.getUTCFullYear() * 12 + date.getUTCMonth());
      }),
    );
  });
});
