import { PARTS, parseOptions } from './options.js';

function partsOf(...args: string[]): string[] {
  const parsed = parseOptions(args);
  return parsed.outcome === 'run' ? [...parsed.options.parts] : [parsed.outcome];
}

describe('the options of the benchmark', () => {
  it('run every part, and with --quick those that need no large store', () => {
    expect(partsOf()).toEqual([...PARTS]);
    expect(partsOf('--quick')).toEqual(PARTS.filter((part) => part !== 'grown' && part !== 'page-grown'));
  });

  it('run the parts that are named, and no other', () => {
    expect(partsOf('--only', 'page', '--only', 'deep-page')).toEqual(['page', 'deep-page']);
  });

  it('name what they do not know', () => {
    expect(parseOptions(['--only', 'pages'])).toMatchObject({ outcome: 'fault', message: expect.stringContaining('pages') as string });
    expect(parseOptions(['--quickly'])).toMatchObject({ outcome: 'fault' });
    expect(partsOf('--help')).toEqual(['help']);
  });
});
