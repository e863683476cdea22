import type { Sizes } from '../options.js';
import { progress } from '../report/progress.js';

/**
 * Numbers of the rounds to measure, from 1. On a slow machine there are fewer of them: none begins after `fullSeconds` (of the
 * full run), so that the whole stays within its time; but there is always one.
 */
export function* rounds(what: string, { repeats, budgetShare }: Sizes, fullSeconds: number): Generator<number> {
  const began = performance.now();
  for (let round = 1; round <= repeats; round++) {
    const seconds = (performance.now() - began) / 1000;
    if (round > 1 && seconds > fullSeconds * budgetShare) {
      progress(`${what}: no further round, ${round - 1} took ${seconds.toFixed(0)} s`);
      return;
    }
    progress(`${what}, round ${round} of ${repeats}`);
    yield round;
  }
}
