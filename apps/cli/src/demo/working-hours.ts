const HOUR_MS = 3_600_000;
const OPENS = 8;
const CLOSES = 18;

/** The same moment, or the next at which people work (UTC, Monday to Friday, 8 to 18), minutes and seconds kept. Never earlier. */
export function atWork(time: Date): Date {
  let moment = time;
  while (!isWorkingHour(moment)) moment = new Date(moment.getTime() + HOUR_MS);
  return moment;
}

function isWorkingHour(time: Date): boolean {
  const weekend = time.getUTCDay() === 0 || time.getUTCDay() === 6;
  return !weekend && time.getUTCHours() >= OPENS && time.getUTCHours() < CLOSES;
}
