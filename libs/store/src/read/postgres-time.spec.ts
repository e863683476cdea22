import fc from 'fast-check';
import { formatTime } from '#libs/contracts';
import { isoTime, postgresTime } from './postgres-time.js';

describe('a time that PostgreSQL prints', () => {
  it.each([
    ['2026-01-05 14:30:00+00', '2026-01-05T14:30:00.000000Z'],
    ['2026-01-05 14:30:00.1+00', '2026-01-05T14:30:00.100000Z'],
    ['2026-01-05 14:30:00.123456+00', '2026-01-05T14:30:00.123456Z'],
    ['0044-03-15 00:00:00+00', '0044-03-15T00:00:00.000000Z'],
    ['0001-02-29 12:00:00.000001+00 BC', '0000-02-29T12:00:00.000001Z'],
  ])('%s becomes %s', (printed, iso) => {
    expect(isoTime(printed)).toBe(iso);
  });
});

describe('a time for PostgreSQL', () => {
  it('is its RFC 3339 form, but for the year 0, which PostgreSQL calls 1 BC', () => {
    const yearOne = -62_135_596_800_000_000n;
    fc.assert(
      fc.property(fc.bigInt({ min: yearOne, max: 253_402_300_799_999_999n }), (micros) => postgresTime(micros) === formatTime(micros)),
    );
    expect(postgresTime(yearOne - 1n)).toBe('0001-12-31T23:59:59.999999Z BC');
  });
});
