import fc from 'fast-check';
import { joinAsBytes } from './join-as-bytes.js';

describe('joined texts', () => {
  it('are the UTF-8 of all of them, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        expect(joinAsBytes(texts).equals(Buffer.from(texts.join('')))).toBe(true);
      }),
    );
  });

  it('may be larger than what is kept ready, and stay what they are when others follow', () => {
    const long = joinAsBytes(['é'.repeat(600_000), 'x']);
    const short = joinAsBytes(['first']);
    joinAsBytes(['other']);
    expect(long.toString()).toBe(`${'é'.repeat(600_000)}x`);
    expect(short.toString()).toBe('first');
  });
});
