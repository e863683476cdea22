import { lanesOf } from './assign-lanes.js';

const six = [0, 1, 2, 3, 4, 5];

test('equal partition numbers of all topics go to the same member, and every partition to one', () => {
  const assigned = lanesOf(
    ['c', 'a', 'b', 'd'],
    new Map([
      ['x', six],
      ['y', [0, 1, 2]],
    ]),
  );
  expect(Object.fromEntries(assigned)).toEqual({
    a: { x: [0, 4], y: [0] },
    b: { x: [1, 5], y: [1] },
    c: { x: [2], y: [2] },
    d: { x: [3] },
  });
});

test('members without a lane are told so', () => {
  expect(lanesOf(['a', 'b'], new Map([['x', [0]]])).get('b')).toEqual({});
});
