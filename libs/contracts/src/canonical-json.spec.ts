import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('is RFC 8785’s own example', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    ) as unknown;
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code units, as RFC 8785 § 3.2.3 shows', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '😀', '\u0080', '\u00f6'];
    const sorted = Object.keys(JSON.parse(canonicalJson(Object.fromEntries(keys.map((key) => [key, key])))) as object);
    expect(sorted.filter((key) => key !== '1')).toEqual(['\r', '\u0080', '\u00f6', '\u20ac', '😀', '\ufb33']);
  });

  it('round-trips, and is the same for every order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('leaves out what is undefined and refuses what JSON has no number for', () => {
    expect(canonicalJson({ b: undefined, a: -0 })).toBe('{"a":0}');
    expect(() => canonicalJson([Number.NaN])).toThrow(RangeError);
  });
});
