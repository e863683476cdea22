import { figures } from './timeline-page.js';

const counting = { countTotal: true, limit: 50 };

describe('a total', () => {
  it.each([
    ['the first page', undefined, 51, 51],
    ['a page by number', 3, 20, 120],
    ['a page behind the last entry', 9, 0, 7],
  ])('that is a floor counts at least what %s shows', (_, page, found, total) => {
    expect(figures(['1', '0', 'f', '7', 't'], { ...counting, page }, found)).toEqual({ pin: 1n, total, totalIsFloor: true });
  });

  it('that is exact stays as it was counted', () => {
    expect(figures(['1', '0', 'f', '120', 'f'], { ...counting, page: 3 }, 20)).toMatchObject({ total: 120, totalIsFloor: false });
  });
});
