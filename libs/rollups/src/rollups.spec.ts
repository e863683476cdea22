import fc from 'fast-check';
import { anEvent } from '#libs/testing';
import { dayOf, daysBetween, isDay } from './days.js';
import { entriesOf, foldRollups } from './fold-rollups.js';

const JANE = { type: 'human', id: 'jane@example.com' } as const;
const accounts = (...ids: string[]) => ids.map((id) => ({ type: 'account', id }));

describe('an event in the roll-ups', () => {
  it('counts for its kind of actor, the person who did it and each account once', () => {
    const entities = [...accounts('a', 'b'), { type: 'account', id: 'a', role: 'parent' }, { type: 'contact', id: 'c' }];
    const event = anEvent({ type: 'note.added', actor: JANE, entities, time: '2026-01-05T23:59:59.999999Z' });
    const row = { day: '2026-01-05', type: 'note.added' };
    expect(entriesOf(event)).toEqual([
      { ...row, dimension: 'actor_kind', key: 'human' },
      { ...row, dimension: 'user', key: JANE.id },
      { ...row, dimension: 'account', key: 'a' },
      { ...row, dimension: 'account', key: 'b' },
    ]);
  });

  it.each(['agent', 'system'] as const)('counts for no person when the %s did it, also on behalf of one', (type) => {
    const event = anEvent({ actor: { type, id: 'bot', onBehalfOf: JANE.id }, entities: [{ type: 'contact', id: 'c' }] });
    expect(entriesOf(event).map(({ dimension }) => dimension)).toEqual(['actor_kind']);
  });

  it('is added to what the others made', () => {
    const event = anEvent({ entities: accounts('a'), actor: JANE });
    expect(foldRollups([event, event]).map(({ dimension, entries }) => [dimension, entries])).toEqual([
      ['account', 2],
      ['actor_kind', 2],
      ['user', 2],
    ]);
  });
});

describe('days', () => {
  it.each([
    [0n, '1970-01-01'],
    [-1n, '1969-12-31'],
    [86_399_999_999n, '1970-01-01'],
    [86_400_000_000n, '1970-01-02'],
    [-62_135_596_800_000_000n, '0001-01-01'],
  ])('of %s µs is %s', (micros, day) => expect(dayOf(micros)).toBe(day));

  it.each(['2026-02-30', '2026-1-5', '20260105', '2026-01-05T00:00:00Z', 'today', ''])('"%s" is none', (text) =>
    expect(isDay(text)).toBe(false),
  );

  it('are as many as between midnights, across leap days and years', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), fc.integer({ min: 0, max: 4000 }), (first, length) => {
        const [from, to] = [dayOf(BigInt(first) * 86_400_000_000n), dayOf(BigInt(first + length) * 86_400_000_000n)];
        expect(isDay(from)).toBe(true);
        expect(daysBetween(from, to)).toBe(length);
      }),
    );
  });
});
