const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The UTC day of a moment in microseconds since the Unix epoch, `YYYY-MM-DD`. */
export function dayOf(micros: bigint): string {
  // floored: before 1970 too a day begins at midnight
  const ms = Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n);
  return textOf(ms);
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text)) && textOf(Date.parse(text)) === text;
}

/** Whole days from one day to another; negative when `to` lies before `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
