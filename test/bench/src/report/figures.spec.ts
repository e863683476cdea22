import { missed } from './figures.js';
import { figuresJson, figuresText } from './print.js';

const figures = { ingestVsCopySameTables: 0.5, ingestCpuMicrosPerEvent: 61.236, bytesPerEvent: 1_710.2 };

describe('the figures', () => {
  it('are held against what is asked, from below or from above', () => {
    expect(missed(figures)).toEqual(['ingestCpuMicrosPerEvent']);
    expect(figuresText(figures)).toMatch(/0\.50\s+≥ 0\.38\s+pass\s+ingestVsCopySameTables/);
    expect(figuresText(figures)).toMatch(/61\.2\s+≤ 50\s+FALLS SHORT\s+ingestCpuMicrosPerEvent/);
  });

  it('are one line of JSON with numbers of four digits; what was not measured is left out', () => {
    expect(JSON.parse(figuresJson(figures))).toEqual({ ingestVsCopySameTables: 0.5, ingestCpuMicrosPerEvent: 61.24, bytesPerEvent: 1710 });
    expect(figuresJson(figures)).not.toContain('\n');
  });
});
