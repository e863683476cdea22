import fc from 'fast-check';
import type { ReadBudget } from '../fetch/read-batches.js';
import { LaneQueue } from './lane-queue.js';
import type { BusSlice } from './slice.js';

const LIMITS = { groupRecords: 10, groupBytes: 1_000, queuedRecords: 30, queuedBytes: 3_000, maxBatchBytes: 1 << 20 };

function slice(topic: string, from: number, count: number): BusSlice {
  const records = Array.from({ length: count }, (_, i) => ({
    offset: BigInt(from + i),
    timestampMs: 0,
    key: null,
    value: null,
    headers: {},
  }));
  const offsets = { fetchOffset: BigInt(from), nextOffset: BigInt(from + count) };
  return { topic, topicId: topic, partition: 0, epoch: 1, records, undecodable: [], ...offsets };
}

test('groups hold what came in, in order, without gaps, and never more than their bound', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 40 })), { maxLength: 20 }), (arrivals) => {
      const queue = new LaneQueue(LIMITS);
      const next = new Map<string, number>();
      for (const [topic, count] of arrivals) {
        queue.push(slice(topic, next.get(topic) ?? 0, count), count * 50);
        next.set(topic, (next.get(topic) ?? 0) + count);
      }
      const reached = new Map<string, bigint>();
      while (!queue.isEmpty) {
        const group = queue.take();
        expect(group.length).toBeGreaterThan(0);
        expect(group.reduce((sum, { records }) => sum + records.length, 0)).toBeLessThanOrEqual(LIMITS.groupRecords);
        for (const { topic, fetchOffset, nextOffset, records } of group) {
          expect(fetchOffset).toBe(reached.get(topic) ?? 0n);
          expect(records.map(({ offset }) => offset)).toEqual(records.map((_, i) => fetchOffset + BigInt(i)));
          reached.set(topic, nextOffset);
        }
      }
      for (const [topic, count] of next) expect(reached.get(topic)).toBe(BigInt(count));
    }),
  );
});

test('holes and undecodable batches stay on their side of a cut', () => {
  const queue = new LaneQueue({ ...LIMITS, groupRecords: 2 });
  const records = [5n, 6n, 20n, 21n].map((offset) => ({ offset, timestampMs: 0, key: null, value: null, headers: {} }));
  const undecodable = [3n, 10n].map((offset) => ({ offset, nextOffset: offset + 1n, timestampMs: 0, message: '', raw: Buffer.alloc(0) }));
  queue.push({ ...slice('a', 0, 0), records, undecodable, nextOffset: 30n }, 100);
  const [first] = queue.take();
  const [second] = queue.take();
  expect(first).toMatchObject({ fetchOffset: 0n, nextOffset: 7n, undecodable: [{ offset: 3n }] });
  expect(second).toMatchObject({ fetchOffset: 7n, nextOffset: 30n, undecodable: [{ offset: 10n }] });
});

test('a dropped partition leaves the others, and makes room', async () => {
  const queue = new LaneQueue(LIMITS);
  queue.push(slice('a', 0, 30), 100);
  queue.push(slice('b', 0, 5), 100);
  expect(queue.isFull).toBe(true);
  const room = queue.until(() => queue.hasRoom);
  queue.drop('a', 0);
  await room;
  expect(queue.take().map(({ topic }) => topic)).toEqual(['b']);
});

test('bytes are read when a group takes them: in order, whole, what is beyond the group stays bytes, and the last of them gives their memory back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }), (batches) => {
      const end = BigInt(batches.reduce((sum, count) => sum + count, 0));
      const { records } = slice('a', 0, Number(end));
      const ends = batches.map((_, i) => BigInt(batches.slice(0, i + 1).reduce((sum, count) => sum + count, 0)));
      const queue = new LaneQueue({ ...LIMITS, groupBytes: 300 });
      // a batch that was begun is read to its end, as the real ones are; each record expands to 50 bytes
      const read = (from: bigint, { expandedBytesLeft }: { expandedBytesLeft: number }) => {
        const nextOffset = ends.find((at) => at > from && Number(at - from) * 50 >= expandedBytesLeft) ?? end;
        return { records: records.filter(({ offset }) => offset >= from && offset < nextOffset), undecodable: [], nextOffset };
      };
      const release = (): void => undefined;
      queue.push({ ...slice('a', 0, 0), nextOffset: end, release }, 10_000, { count: Number(end), nextOffset: end, isEmpty: false, read });
      const taken: bigint[] = [];
      let reached = 0n;
      while (!queue.isEmpty) {
        for (const { fetchOffset, nextOffset, records: own, ...rest } of queue.take()) {
          expect(fetchOffset).toBe(reached);
          reached = nextOffset;
          expect(rest.release).toBe(reached === end ? release : undefined);
          taken.push(...own.map(({ offset }) => offset));
        }
      }
      expect(taken).toEqual(records.map(({ offset }) => offset));
      expect(reached).toBe(end);
    }),
  );
});

test('a group counts what its batches expand to, not what they were on the wire', () => {
  const queue = new LaneQueue(LIMITS);
  for (let from = 0; from < 8; from++) {
    const nextOffset = BigInt(from + 1);
    const { records } = slice('a', from, 1);
    // 10 bytes that become 600
    const read = (_: bigint, budget: ReadBudget) => {
      budget.expandedBytesLeft -= 600;
      return { records: [...records], undecodable: [], nextOffset };
    };
    queue.push({ ...slice('a', from, 0), nextOffset }, 10, { count: 1, nextOffset, isEmpty: false, read });
  }
  const groups: number[] = [];
  while (!queue.isEmpty) groups.push(queue.take().length);
  expect(groups).toEqual([2, 2, 2, 2]);
});
