import { Assignment, startOf } from './assigned-partition.js';

const at = { topic: 't', partition: 0 };
const bounds = { start: 10n, end: 20n, committedEnd: 20n };

test('a partition begins where the store is, or at its oldest record', () => {
  expect(startOf(at, null, bounds)).toEqual({ begin: 10n });
  for (const stored of [10n, 15n, 20n]) expect(startOf(at, stored, bounds)).toEqual({ begin: stored });
});

test('a stored offset that the broker does not have halts it', () => {
  expect(startOf(at, 21n, bounds)).toMatchObject({ halted: { reason: 'store_ahead_of_broker', storedOffset: 21n, brokerEnd: 20n } });
  expect(startOf(at, 9n, bounds)).toMatchObject({ halted: { reason: 'records_expired', storedOffset: 9n, brokerStart: 10n } });
});

test('partitions share the lanes evenly whichever a member has, equal numbers of all topics one', () => {
  const assignment = new Assignment({ x: [1, 4, 7], y: [1, 4] }, 2);
  expect([1, 4, 7].map((number) => assignment.laneOf(number))).toEqual([0, 1, 0]);
  expect(assignment.ofLane(1).map(({ topic, partition }) => [topic, partition])).toEqual([
    ['x', 4],
    ['y', 4],
  ]);
});
