import { paced } from './paced.js';

describe('a paced job', () => {
  function jobOf(everyMs: number, answers: boolean[]) {
    const began: number[] = [];
    const act = () => Promise.resolve(began.push(performance.now()) > 0 && (answers.shift() ?? false));
    return { began, job: paced({ name: 'j', idleMs: 1, act }, everyMs) };
  }

  it('waits once it has caught up', async () => {
    const { job, began } = jobOf(40, [false, false]);
    await job.act();
    await job.act();
    // a timer may fire a little early; without a wait it would be microseconds
    expect(began[1]! - began[0]!).toBeGreaterThan(20);
  });

  it('goes on at once while there is more, and says so', async () => {
    const { job } = jobOf(60_000, [true, true, false]);
    expect([await job.act(), await job.act(), await job.act()]).toEqual([true, true, false]);
  });
});
