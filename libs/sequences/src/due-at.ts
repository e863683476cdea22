import { DateTime } from 'luxon';
import type { Delay, WorkingHours } from './sequence.js';

const MINUTE_MS = 60_000;
/** Two weeks hold every weekday at least once, whatever clocks do. */
const MOST_DAYS = 15;

export const minutesOf = ({ days = 0, hours = 0, minutes = 0 }: Delay): number => (days * 24 + hours) * 60 + minutes;

/**
 * When a step may run: once the delay has passed, moved into working hours. Milliseconds since the Unix epoch. A later `previousMs`
 * never makes it earlier.
 */
export function dueAt(previousMs: number, delay: Delay, hours?: WorkingHours): number {
  const earliest = previousMs + minutesOf(delay) * MINUTE_MS;
  return hours === undefined ? earliest : withinHours(earliest, hours);
}

/** The first moment, not before `atMs`, that lies in working hours. */
export function withinHours(atMs: number, hours: WorkingHours): number {
  const known = remembered.get(hours) ?? [];
  const met = known.find(({ from, close }) => atMs >= from && atMs < close);
  if (met) return Math.max(atMs, met.open);
  const found = findWindow(atMs, hours);
  remembered.set(hours, [{ from: atMs, ...found }, ...known].slice(0, REMEMBERED));
  return Math.max(atMs, found.open);
}

interface Window {
  readonly open: number;
  readonly close: number;
}

/** Calendars are slow (some 100 µs), and steps that are due together ask for the same days: windows that were found, good from `from` on. */
const remembered = new WeakMap<WorkingHours, readonly (Window & { readonly from: number })[]>();
const REMEMBERED = 16;

/** The first window that is not closed yet. */
function findWindow(atMs: number, hours: WorkingHours): Window {
  const first = DateTime.fromMillis(atMs, { zone: hours.timeZone }).startOf('day');
  for (let i = 0; i < MOST_DAYS; i++) {
    const day = first.plus({ days: i });
    if (!hours.days.includes(day.weekday)) continue;
    const window = windowOf(day, hours);
    if (atMs < window.close && window.open < window.close) return window;
  }
  throw new Error('working hours without a working hour');
}

export function isWithinHours(atMs: number, hours: WorkingHours | undefined): boolean {
  return hours === undefined || withinHours(atMs, hours) === atMs;
}

/** Where clocks go back a time comes twice: it opens at the second and closes at the first, so that every moment in it is one by the clock. */
function windowOf(day: DateTime, { from, to }: WorkingHours): Window {
  return {
    open: Math.max(...momentsOf(day, from)),
    close: Math.min(...momentsOf(day, to)),
  };
}

function momentsOf(day: DateTime, clock: string): number[] {
  const moment = day.set({ hour: Number(clock.slice(0, 2)), minute: Number(clock.slice(3)) });
  return moment.getPossibleOffsets().map((possible) => possible.toMillis());
}
