import { AnswerMemory } from './answer-memory.js';

const FETCH_BYTES = 1 << 20;

/** An answer that was received into the memory. */
function received(memory: AnswerMemory, fill: number, length = 200_000) {
  const room = memory.roomFor(length);
  if (room === undefined) throw new Error('no room');
  return memory.keep(room.fill(fill).subarray(8));
}
const answer = (fill: number, length = 200_000) => Buffer.alloc(length - 8, fill);

test('memory of an answer is used again once the last of its holders has let go, however often one of them does', () => {
  const memory = new AnswerMemory(FETCH_BYTES);
  const first = received(memory, 1);
  const [letGo, andSo] = [first.hold(), first.hold()];
  letGo();
  letGo();
  const second = received(memory, 2);
  expect(first.bytes.equals(answer(1))).toBe(true);
  andSo();
  const third = received(memory, 3, 300_000);
  expect(third.bytes.buffer).toBe(first.bytes.buffer);
  expect(third.bytes.equals(answer(3, 300_000))).toBe(true);
  expect(second.bytes.equals(answer(2))).toBe(true);
});

test('an answer that nobody lets go of is only memory that is not used again', () => {
  const memory = new AnswerMemory(FETCH_BYTES);
  const kept = received(memory, 1);
  kept.hold();
  received(memory, 2).hold();
  expect(kept.bytes.equals(answer(1))).toBe(true);
});

test.each([
  ['is small', 100],
  ['is larger than was asked for', 2 * FETCH_BYTES],
  ['has no size', -1],
])('an answer that %s gets no room, and stays as it came', (_, length) => {
  const memory = new AnswerMemory(FETCH_BYTES);
  expect(memory.roomFor(length)).toBeUndefined();
  const came = Buffer.alloc(100, 7);
  const kept = memory.keep(came);
  kept.hold()();
  expect(kept.bytes).toBe(came);
});
