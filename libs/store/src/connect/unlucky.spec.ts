import { isUnlucky } from './unlucky.js';

describe('an error', () => {
  it.each([
    [{ code: '57P01' }, true],
    [{ code: '40001' }, true],
    [{ code: '53100' }, true],
    [{ code: '08006' }, true],
    [{ code: 'ECONNREFUSED' }, true],
    [{ message: 'Connection terminated unexpectedly' }, true],
    [{ code: '22021' }, false],
    [{ code: '23505' }, false],
    [{ message: 'undefined is not a function' }, false],
  ])('of %j may pass by itself: %s', (given: { code?: string; message?: string }, expected) => {
    expect(isUnlucky(Object.assign(new Error(given.message ?? 'x'), given))).toBe(expected);
  });
});
