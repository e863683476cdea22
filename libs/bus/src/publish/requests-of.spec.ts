import fc from 'fast-check';
import { requestsOf } from './requests-of.js';

describe('what is published at once', () => {
  it('is sent in as few requests as stay below what a broker takes, in order', () => {
    const lengths = fc.array(fc.nat({ max: 400_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(lengths, fc.constantFrom('a', 'ä', '活', '🙂'), (all, letter) => {
        const messages = all.map((length) => ({ key: 'k', value: letter.repeat(length / 4), headers: { a: 'b' } }));
        const requests = requestsOf(messages);
        expect(requests.flat()).toEqual(messages);
        const sizes = requests.map((request) => request.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0));
        expect(Math.max(0, ...sizes)).toBeLessThan(1_000_000);
        expect(requests.every((request) => request.length > 0)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('counts letters as the bytes they take', () => {
    const message = { key: null, value: '活'.repeat(150_000) };
    expect(requestsOf([message, message, message]).map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('counts what stands around short records', () => {
    const requests = requestsOf(
      Array.from({ length: 30_000 }, () => ({ key: null, value: '1', headers: { 'content-type': 'text/plain' } })),
    );
    expect(requests.length).toBeGreaterThan(1);
  });

  it('may be one record that is larger, alone', () => {
    const large = { key: null, value: Buffer.alloc(1_000_000) };
    const small = { key: null, value: null };
    expect(requestsOf([small, large, small])).toEqual([[small], [large], [small]]);
    expect(requestsOf([])).toEqual([]);
  });
});
