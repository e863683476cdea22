import { HIGHEST_SCORE, type ScoreModel } from './model.js';

/** An event that may score. */
export interface Scored {
  readonly type: string;
  /** Microseconds since the Unix epoch. */
  readonly occurredAt: bigint;
}

/**
 * Points by type, decayed to the moment of the newest event. That moment, not the clock, is when a score is meant: so it follows from the
 * events alone, whenever it is computed and in whatever order they came (up to rounding, which `scoreOf` takes away).
 */
export interface Points {
  /** Null: nothing has scored. */
  readonly newest: bigint | null;
  readonly byType: Readonly<Record<string, number>>;
}

export const NO_POINTS: Points = { newest: null, byType: {} };

const DAY_MICROS = 86_400_000_000;
/** Sums of floating point numbers differ in their last digits by the order they were added in. */
const DIGITS = 6;
const MOST_FACTORS = 3;

/** Adds one event: a newer one lets the others decay, an older one comes in decayed. A type without weight changes nothing. */
export function addPoints(points: Points, { type, occurredAt }: Scored, { weights, halfLifeDays }: ScoreModel): Points {
  const weight = weights[type];
  if (weight === undefined) return points;
  const newest = points.newest === null || occurredAt > points.newest ? occurredAt : points.newest;
  const decay = (since: bigint): number => 2 ** -(Number(newest - since) / DAY_MICROS / halfLifeDays);
  const rest = points.newest === null ? 1 : decay(points.newest);
  const byType = Object.fromEntries(Object.entries(points.byType).map(([name, amount]) => [name, amount * rest]));
  return { newest, byType: { ...byType, [type]: (byType[type] ?? 0) + weight * decay(occurredAt) } };
}

/** A whole number from 0 to 100. */
export function scoreOf({ byType }: Points): number {
  const sum = Object.values(byType).reduce((total, amount) => total + amount, 0);
  return Math.min(HIGHEST_SCORE, Math.max(0, Math.round(Number(sum.toFixed(DIGITS)))));
}

/** The types that brought most, up to three, first those with most points. */
export function topFactors({ byType }: Points): string[] {
  const amounts = Object.entries(byType).map(([type, amount]) => ({ type, amount: Number(amount.toFixed(DIGITS)) }));
  return amounts
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount || (a.type < b.type ? -1 : 1))
    .slice(0, MOST_FACTORS)
    .map(({ type }) => type);
}
