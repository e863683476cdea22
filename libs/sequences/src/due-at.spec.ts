import fc from 'fast-check';
import { DateTime } from 'luxon';
import { dueAt, isWithinHours, minutesOf } from './due-at.js';
import type { WorkingHours } from './sequence.js';

const BERLIN: WorkingHours = { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };
const at = (text: string): number => Date.parse(text);
const due = (previous: string, delay: object, hours?: WorkingHours): string => new Date(dueAt(at(previous), delay, hours)).toISOString();

describe('a step', () => {
  it.each([
    [
      'without working hours is due when its delay has passed',
      '2026-01-05T22:00:00Z',
      { days: 1, hours: 2, minutes: 3 },
      undefined,
      '2026-01-07T00:03:00.000Z',
    ],
    ['is due at once within them', '2026-01-05T09:00:00Z', { hours: 1 }, BERLIN, '2026-01-05T10:00:00.000Z'],
    ['waits for the morning', '2026-01-05T18:00:00Z', {}, BERLIN, '2026-01-06T08:00:00.000Z'],
    ['waits for the same morning', '2026-01-06T01:00:00Z', {}, BERLIN, '2026-01-06T08:00:00.000Z'],
    ['waits for Monday', '2026-01-09T16:00:00Z', {}, BERLIN, '2026-01-12T08:00:00.000Z'],
    ['waits for a morning in summer time', '2026-03-27T17:00:00Z', {}, BERLIN, '2026-03-30T07:00:00.000Z'],
    ['runs until midnight where the day ends at 24:00', '2026-01-05T22:59:00Z', {}, { ...BERLIN, to: '24:00' }, '2026-01-05T22:59:00.000Z'],
    [
      'skips a day whose hour is skipped',
      '2026-03-29T00:00:00Z',
      {},
      { ...BERLIN, days: [7], from: '02:00', to: '03:00' },
      '2026-04-05T00:00:00.000Z',
    ],
    [
      'opens at the second of two equal times',
      '2026-10-24T20:00:00Z',
      {},
      { ...BERLIN, days: [7], from: '02:30', to: '09:00' },
      '2026-10-25T01:30:00.000Z',
    ],
  ])('%s', (_, previous, delay, hours, expected) => expect(due(previous, delay, hours)).toBe(expected));
});

describe('whatever the zone, the hours and the moment', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/Sao_Paulo',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Pacific/Apia',
  ];
  const clock = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const hours = fc
    .record({
      timeZone: fc.constantFrom(...zones),
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      open: fc.integer({ min: 0, max: 23 * 60 }),
      length: fc.integer({ min: 60, max: 24 * 60 }),
    })
    .map(({ timeZone, days, open, length }): WorkingHours => ({
      timeZone,
      days,
      from: clock(open),
      to: clock(Math.min(24 * 60, open + length)),
    }));
  const moment = fc.integer({ min: at('2009-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
  const delay = fc.record({
    days: fc.integer({ min: 0, max: 90 }),
    hours: fc.integer({ min: 0, max: 30 }),
    minutes: fc.integer({ min: 0, max: 90 }),
  });

  it('it lies in the hours by the clock on the wall, and not before the delay has passed', () => {
    fc.assert(
      fc.property(moment, delay, hours, (previous, wait, open) => {
        const result = dueAt(previous, wait, open);
        const wall = DateTime.fromMillis(result, { zone: open.timeZone });
        const minute = wall.toFormat('HH:mm');
        expect(open.days).toContain(wall.weekday);
        expect(minute >= open.from && minute < open.to).toBe(true);
        expect(result).toBeGreaterThanOrEqual(previous + minutesOf(wait) * 60_000);
        expect(isWithinHours(result, open)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('who comes later is never due earlier', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 3 * 86_400_000 }), delay, hours, (previous, later, wait, open) => {
        expect(dueAt(previous + later, wait, open)).toBeGreaterThanOrEqual(dueAt(previous, wait, open));
      }),
      { numRuns: 2_000 },
    );
  });

  it('what was asked before changes no answer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 * 86_400_000 }), { minLength: 2, maxLength: 40 }),
        moment,
        hours,
        (offsets, base, open) => {
          for (const offset of offsets) expect(dueAt(base + offset, {}, open)).toBe(dueAt(base + offset, {}, { ...open }));
        },
      ),
    );
  });
});
