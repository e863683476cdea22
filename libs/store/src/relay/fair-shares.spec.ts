import fc from 'fast-check';
import { fairShares } from './fair-shares.js';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const wishes = fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 40 });
const limits = fc.integer({ min: 1, max: 2_000 });

describe('shares', () => {
  it('are even among those who want more than that', () => expect(fairShares([50, 50], 10)).toEqual([5, 5]));

  it('of those who want little go to the others', () => {
    expect(fairShares([1, 100, 3], 20)).toEqual([1, 16, 3]);
    expect(fairShares([2, 2], 10)).toEqual([2, 2]);
    expect(fairShares([], 10)).toEqual([]);
  });

  it('are one each for the first when there are too few', () => expect(fairShares([9, 9, 9], 2)).toEqual([1, 1, 0]));

  it('give everything away, nobody more than it wants, and one at least to all who can be served', () => {
    fc.assert(
      fc.property(wishes, limits, (wanted, limit) => {
        const shares = fairShares(wanted, limit);
        expect(sum(shares)).toBe(Math.min(limit, sum(wanted)));
        expect(shares.every((share, i) => share <= (wanted[i] ?? 0))).toBe(true);
        expect(shares.slice(0, limit).every((share) => share >= 1)).toBe(true);
      }),
    );
  });

  it('that are not the whole wish are the largest', () => {
    fc.assert(
      fc.property(wishes, limits, (wanted, limit) => {
        const shares = fairShares(wanted, limit).slice(0, limit);
        const short = shares.filter((share, i) => share < (wanted[i] ?? 0));
        if (short.length > 0) expect(Math.max(...shares) - Math.min(...short)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
