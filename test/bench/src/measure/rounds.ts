import type { Sizes } from '../options.js';
import { progress } from '../report/progress.js';

/** Of the full run: later no part but the last ones begins a second round. */
const LATEST_SECONDS = 600;

/** Seconds of the full run, from where no further round begins. */
export interface Bounds {
  /** Of the part. */
  readonly part: number;
  /** Of the run. */
  readonly latest: number;
}

/** Whether the round may begin when the part and the run have taken so long: the first one always, so that everything is measured. */
export function mayBegin(
  round: number,
  seconds: Readonly<Record<'ofPart' | 'ofRun', number>>,
  sizes: Sizes,
  { part, latest }: Bounds,
): boolean {
  const { repeats, budgetShare } = sizes;
  if (round > repeats) return false;
  return round === 1 || (seconds.ofPart <= part * budgetShare && seconds.ofRun <= latest * budgetShare);
}

/** Numbers of the rounds to measure, from 1. On a slow machine there are fewer of them, so that the whole stays within its time. */
export function* rounds(what: string, sizes: Sizes, fullSeconds: number, latest = LATEST_SECONDS): Generator<number> {
  const began = secondsOfRun();
  const seconds = () => ({ ofPart: secondsOfRun() - began, ofRun: secondsOfRun() });
  let round = 1;
  for (; mayBegin(round, seconds(), sizes, { part: fullSeconds, latest }); round++) {
    progress(`${what}, round ${round} of ${sizes.repeats}`);
    yield round;
  }
  if (round <= sizes.repeats) progress(`${what}: no further round, ${round - 1} took ${seconds().ofPart.toFixed(0)} s`);
}

/** Since this process began. */
const secondsOfRun = (): number => performance.now() / 1000;
