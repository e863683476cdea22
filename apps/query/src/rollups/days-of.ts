import { parseTime } from '#libs/contracts';
import { dayOf, daysBetween, isDay } from '#libs/rollups';
import { malformed, meaningless } from '../http/problem-exception.js';
import { LONGEST_RANGE_DAYS } from './rollups.dto.js';

const DEFAULT_DAYS = 30;
const DAY_MICROS = 86_400_000_000n;
/** Days before are written in another way by PostgreSQL (BC), and nobody asks for them. */
const FIRST_DAY = '0001-01-01';

/** UTC days, both inclusive. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** The days that are asked for. Ends the request with 400 or 422. `nowMs`: today, where no end is given. */
export function daysOf(asked: { readonly from?: string; readonly to?: string }, nowMs: number): DayRange {
  const to = asked.to === undefined ? dayOf(BigInt(nowMs) * 1000n) : dayAsked('to', asked.to, 1n);
  const from =
    asked.from === undefined
      ? notBeforeFirst(dayOf(BigInt(Date.parse(to)) * 1000n - BigInt(DEFAULT_DAYS - 1) * DAY_MICROS))
      : dayAsked('from', asked.from, 0n);
  if (from > to) throw meaningless('empty-range', 'from', 'must not lie after to');
  if (daysBetween(from, to) >= LONGEST_RANGE_DAYS) {
    throw meaningless('range-too-long', 'from', `must lie less than ${LONGEST_RANGE_DAYS} days before to`);
  }
  return { from, to };
}

/** A day is itself, a moment the day it lies in; `exclusive` microseconds are taken off a moment that ends a range. */
function dayAsked(field: string, text: string, exclusive: bigint): string {
  const time = isDay(text) ? undefined : parseTime(text);
  const day = time === undefined ? text : dayOf(time - exclusive);
  if (!isDay(day)) throw malformed(field, 'must be a day such as 2026-01-05, or an RFC 3339 time with offset (write + as %2B)');
  if (day < FIRST_DAY) throw meaningless('too-early', field, `must not lie before ${FIRST_DAY}`);
  return day;
}

/** What lies before the year 0 begins with a minus, which sorts before digits. */
const notBeforeFirst = (day: string): string => (day < FIRST_DAY ? FIRST_DAY : day);
