import type { BenchDatabase } from '../stack/databases.js';
import { watchLoad, type Watched } from './load.js';

/** A database that answers each look with the next of these, and the moments of the looks. */
function scripted(...progress: readonly { begun?: number; count: number }[]) {
  const looks: number[] = [];
  const query = () => {
    looks.push(performance.now());
    return Promise.resolve({ rows: [progress[Math.min(looks.length, progress.length) - 1]] });
  };
  const watched: Watched = {
    ...{ database: { client: { query } } as unknown as BenchDatabase, postgresPid: process.pid, nodePid: process.pid },
    ...{ countSql: 'scripted', target: 100_000 },
  };
  return { watched, looks };
}

it('a load lasts from the first events that are seen in until the last', async () => {
  const { watched, looks } = scripted({ count: 0 }, { count: 0 }, { count: 20_000 }, { count: 95_000 }, { count: 100_000 });
  const { eventsPerSecond } = await watchLoad(watched);
  expect(eventsPerSecond).toBeLessThan(80_000 / ((looks[3]! - looks[2]!) / 1000));
});

it('a load of several jobs begins with the first of them, however late the slowest does', async () => {
  const { watched, looks } = scripted(
    { begun: 0, count: 0 },
    { begun: 60_000, count: 0 },
    { begun: 100_000, count: 0 },
    { begun: 100_000, count: 10_000 },
    { begun: 100_000, count: 100_000 },
  );
  const { eventsPerSecond } = await watchLoad(watched);
  expect(eventsPerSecond).toBeLessThan(40_000 / ((looks[3]! - looks[1]!) / 1000));
});
