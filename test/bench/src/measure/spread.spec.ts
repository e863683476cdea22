import { medianOf, spreadOf } from './spread.js';

describe('the spread of measurements', () => {
  it('has the middle one, or the mean of the two in the middle', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
  });

  it('refuses to speak of nothing', () => {
    expect(() => spreadOf([])).toThrow('nothing was measured');
  });
});
