import { parseOptions, type Sizes } from '../options.js';
import { mayBegin } from './rounds.js';

const BOUNDS = { part: 100, latest: 600 };

function sizesOf(...args: string[]): Sizes {
  const parsed = parseOptions(args);
  if (parsed.outcome !== 'run') throw new Error(parsed.outcome);
  return parsed.options.sizes;
}

const full = sizesOf();

describe('a round', () => {
  it('begins while its part and the run have time', () => {
    expect(mayBegin(5, { ofPart: 100, ofRun: 600 }, full, BOUNDS)).toBe(true);
    expect(mayBegin(5, { ofPart: 101, ofRun: 200 }, full, BOUNDS)).toBe(false);
    expect(mayBegin(2, { ofPart: 10, ofRun: 601 }, full, BOUNDS)).toBe(false);
  });

  it('begins however late it is when it is the first', () => expect(mayBegin(1, { ofPart: 0, ofRun: 900 }, full, BOUNDS)).toBe(true));

  it('is not one more than wanted', () => expect(mayBegin(6, { ofPart: 0, ofRun: 0 }, full, BOUNDS)).toBe(false));

  it('has a quarter of the time in the quick run', () => {
    expect(mayBegin(2, { ofPart: 25, ofRun: 150 }, sizesOf('--quick'), BOUNDS)).toBe(true);
    expect(mayBegin(2, { ofPart: 26, ofRun: 150 }, sizesOf('--quick'), BOUNDS)).toBe(false);
  });
});
