import { setImmediate as turn } from 'node:timers/promises';
import { FetchPace } from './fetch-pace.js';

const SECOND = 1_000;
const startsAtOnce = (pace: FetchPace): Promise<boolean> => Promise.race([pace.next().then(() => true), turn(false)]);

async function afterAnswerOf(bytes: number): Promise<FetchPace> {
  const pace = new FetchPace(SECOND);
  await pace.next();
  pace.brought(bytes);
  return pace;
}

describe('the pace of fetches', () => {
  it('lets records gather after an answer of a few', async () => {
    expect(await startsAtOnce(await afterAnswerOf(2_000))).toBe(false);
  });

  it('goes on at once where there is more', async () => {
    expect(await startsAtOnce(await afterAnswerOf(1 << 20))).toBe(true);
  });

  it('does not keep the first fetch waiting', async () => {
    expect(await startsAtOnce(new FetchPace(SECOND))).toBe(true);
  });
});
