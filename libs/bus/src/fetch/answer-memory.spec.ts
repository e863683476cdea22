import { AnswerMemory } from './answer-memory.js';

const FETCH_BYTES = 1 << 20;
const answer = (fill: number, length = 200_000) => Buffer.alloc(length, fill);

test('memory of an answer is used again once the last of its holders has let go, however often one of them does', () => {
  const memory = new AnswerMemory(FETCH_BYTES);
  const first = memory.keep(answer(1));
  const [letGo, andSo] = [first.hold(), first.hold()];
  letGo();
  letGo();
  const second = memory.keep(answer(2));
  expect(first.bytes.equals(answer(1))).toBe(true);
  andSo();
  const third = memory.keep(answer(3, 300_000));
  expect(third.bytes.buffer).toBe(first.bytes.buffer);
  expect(third.bytes.equals(answer(3, 300_000))).toBe(true);
  expect(second.bytes.equals(answer(2))).toBe(true);
});

test('an answer that nobody lets go of is only memory that is not used again', () => {
  const memory = new AnswerMemory(FETCH_BYTES);
  const kept = memory.keep(answer(1));
  kept.hold();
  memory.keep(answer(2)).hold();
  expect(kept.bytes.equals(answer(1))).toBe(true);
});

test.each([
  ['small', 100],
  ['larger than was asked for', 2 * FETCH_BYTES],
])('an answer that is %s stays as it came', (_, length) => {
  const memory = new AnswerMemory(FETCH_BYTES);
  const came = answer(7, length);
  const kept = memory.keep(came);
  kept.hold()();
  expect(kept.bytes).toBe(came);
});
