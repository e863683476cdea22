import { formatTime, parseTime } from './rfc3339.js';

describe('RFC 3339 times', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['2026-01-05T14:30:00.000Z', 1767623400000000n],
    ['2026-01-05t14:30:00.1234567z', 1767623400123456n],
    ['2026-01-05T15:30:00+01:00', 1767623400000000n],
    ['2026-01-05T09:00:00.5-05:30', 1767623400500000n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['0000-03-01T00:00:00Z', -62162035200000000n],
    ['9999-12-31T23:59:59.999999Z', 253402300799999999n],
    ['2016-12-31T23:59:60Z', 1483228800000000n],
    ['2017-01-01T00:59:60+01:00', 1483228800000000n],
    ['2024-02-29T00:00:00-00:00', 1709164800000000n],
  ])('%s is %s microseconds', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-01-05',
    '2026-01-05T14:30:00',
    '2026-01-05 14:30:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-05T24:00:00Z',
    '2026-01-05T14:60:00Z',
    '2026-01-05T14:30:60Z',
    '2026-01-05T14:30:61Z',
    '2026-01-05T14:30:00.Z',
    '2026-01-05T14:30:00+24:00',
    '2026-01-05T14:30:00+0100',
    '2026-01-05T14:30:00Zz',
    '+2026-01-05T14:30:00Z',
    '２026-01-05T14:30:00Z',
    '1767623400',
  ])('%j is no time', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('formats in UTC with six decimals and reads it back', () => {
    for (const micros of [0n, -1n, 1767623400123456n, -62162035200000000n, 253402300799999999n]) {
      expect(parseTime(formatTime(micros))).toBe(micros);
    }
    expect(formatTime(1767623400000001n)).toBe('2026-01-05T14:30:00.000001Z');
  });

  it('agrees with Date on every day of four centuries, both ways', () => {
    const wrong: string[] = [];
    for (let ms = Date.UTC(1700, 0, 1) + 1234; ms < Date.UTC(2101, 0, 1); ms += 86_400_000) {
      const iso = new Date(ms).toISOString();
      if (parseTime(iso) !== BigInt(ms) * 1000n || formatTime(BigInt(ms) * 1000n) !== iso.replace('Z', '000Z')) wrong.push(iso);
    }
    expect(wrong).toEqual([]);
  });
});
