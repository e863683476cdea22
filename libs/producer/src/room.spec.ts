import { Room } from './room.js';

describe('the room of a buffer', () => {
  it('admits in the order of arrival, and nobody past the line', async () => {
    const room = new Room(10);
    expect(room.tryEnter(8)).toBe(true);
    const entered: string[] = [];
    const large = room.enter(6, 60_000).then(() => entered.push('large'));
    const small = room.enter(1, 60_000).then(() => entered.push('small'));
    expect(room.tryEnter(1)).toBe(false);
    room.leave(8);
    await Promise.all([large, small]);
    expect(entered).toEqual(['large', 'small']);
    expect(room.usedBytes).toBe(7);
  });

  it('admits one that is larger than all of it when it is empty', () => {
    const room = new Room(10);
    expect(room.tryEnter(50)).toBe(true);
    expect(room.tryEnter(1)).toBe(false);
  });

  it('sends away who waited too long, and lets those behind in', async () => {
    const room = new Room(10);
    room.tryEnter(8);
    const tooLarge = room.enter(5, 20);
    const behind = room.enter(2, 60_000);
    expect(await tooLarge).toBe(false);
    expect(await behind).toBe(true);
  });
});
