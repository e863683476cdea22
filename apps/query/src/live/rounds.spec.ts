import type { FeedAfter, FeedPage } from '#libs/store';
import { Rounds } from './rounds.js';

const pageOf = ({ after }: FeedAfter): FeedPage => ({ rows: [], reached: after + 1n, head: after + 1n });

describe('rounds of reads', () => {
  it('take together what is asked while one is under way, and answer each its own', async () => {
    const seen: string[][] = [];
    const answers: (() => void)[] = [];
    const rounds = new Rounds((asked) => {
      seen.push(asked.map(({ tenantId }) => tenantId));
      return new Promise((resolve) => void answers.push(() => resolve(asked.map(pageOf))));
    }, 0);
    const pages = [rounds.read('a', 1n), rounds.read('b', 2n), rounds.read('c', 3n)];
    answers.shift()?.();
    expect((await pages[0])?.reached).toBe(2n);
    answers.shift()?.();
    expect((await Promise.all(pages)).map(({ reached }) => reached)).toEqual([2n, 3n, 4n]);
    expect(seen).toEqual([['a'], ['b', 'c']]);
  });

  it('begin at once after a rest, and no closer than that', async () => {
    const begun: number[] = [];
    const rounds = new Rounds((asked) => {
      begun.push(performance.now());
      return Promise.resolve(asked.map(pageOf));
    }, 50);
    await rounds.read('a', 0n);
    await Promise.all([rounds.read('a', 1n), rounds.read('b', 1n)]);
    expect(begun).toHaveLength(2);
    expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(40);
  });

  it('tell everyone who asked when the log could not be read, and go on', async () => {
    let away = true;
    const rounds = new Rounds((asked) => (away ? Promise.reject(new Error('away')) : Promise.resolve(asked.map(pageOf))), 0);
    const failed = await Promise.allSettled([rounds.read('a', 0n), rounds.read('b', 0n)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    away = false;
    expect((await rounds.read('a', 0n)).reached).toBe(1n);
  });
});
