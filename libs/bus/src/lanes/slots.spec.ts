import { Slots } from './slots.js';

test('no more groups are in hand than there are slots, and who waited longest goes first', async () => {
  const slots = new Slots(2);
  const served: number[] = [];
  const first = await slots.take();
  await slots.take();
  const third = slots.take().then((giveBack) => (served.push(3), giveBack));
  const fourth = slots.take().then((giveBack) => (served.push(4), giveBack));
  expect(served).toEqual([]);
  first();
  (await third)();
  await fourth;
  expect(served).toEqual([3, 4]);
});

test('a slot that is given back twice is one slot', async () => {
  const slots = new Slots(1);
  const giveBack = await slots.take();
  giveBack();
  giveBack();
  await slots.take();
  let isServed = false;
  void slots.take().then(() => (isServed = true));
  await Promise.resolve();
  expect(isServed).toBe(false);
});
