import fc from 'fast-check';
import { waysToMatch } from './ways-to-match.js';

describe('the ways to match a pattern', () => {
  it.each([
    ['^abc$', 1],
    ['abc', 101],
    ['^a|b', 202],
    ['^a?b?c?$', 8],
    ['^[a-z]+$', 100],
    ['^(?:ab)*$', 101],
    ['^[^@]+@[^@]+$', 10_000],
    ['^(a|b|c)$', 3],
    ['^(a|b){3}$', 8],
    ['^\\d{4}-\\d{2}$', 1],
    ['^\\p{L}{2,4}$', 3],
    ['^[\\]a]*?x$', 101],
  ])('of %s on 100 characters are %i', (pattern, ways) => {
    expect(waysToMatch(pattern, 100)).toBe(ways);
  });

  it.each(['^(a+)+$', '^(a|a)*$', '^(a*)*b', '^(\\w+\\s?)*$', '(.*)*', '^([a-z]+-)+x$'])('of %s are beyond counting', (pattern) => {
    expect(waysToMatch(pattern, 100)).toBeGreaterThan(1e12);
  });

  it.each(['(?=a)', '^(?<!a)b', '^(a)\\1$', '^(?<n>a)$', 'a{100000}', '^((a{99}){99}){99}'])('of %s are not known', (pattern) => {
    expect(waysToMatch(pattern, 100)).toBeUndefined();
  });

  it('never end in an error, whatever the pattern', () => {
    const piece = fc.constantFrom('a', '.', '[a-z]', '\\d', '(', ')', '|', '*', '+', '?', '{2}', '{1,}', '^', '$', '(?:', '\\', ']', '[');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const ways = waysToMatch(pieces.join(''), 1000);
        return ways === undefined || ways >= 0;
      }),
    );
  });
});
