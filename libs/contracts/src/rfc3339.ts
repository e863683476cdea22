const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MICROS_PER_DAY = 86_400_000_000;
/** 0000-01-01 and 9999-12-31, days since the Unix epoch: an offset may lead beyond what can be written in UTC. */
const [FIRST_DAY, LAST_DAY] = [-719_528, 2_932_896];

/**
 * Microseconds since the Unix epoch of an RFC 3339 time with offset; `undefined` if it is none, or lies outside the years 0000 to 9999 in UTC.
 * Digits beyond the microsecond are cut off; 23:59:60 UTC (a leap second) is the following midnight.
 */
export function parseTime(text: string): bigint | undefined {
  if (text.length < 20 || text.length > 64 || !hasDateTimeMarks(text)) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const seconds = secondsOfDay(text);
  const end = endOfFraction(text);
  const offset = offsetMinutes(text, end);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || seconds < 0 || end < 0 || offset === undefined) {
    return undefined;
  }
  const utc = seconds - offset * 60;
  if (text[17] === '6' && utc % 86_400 !== 0) return undefined;
  const days = daysSinceEpoch(year, month, day);
  const dayInUtc = days + Math.floor(utc / 86_400);
  return dayInUtc < FIRST_DAY || dayInUtc > LAST_DAY ? undefined : micros(days, utc, fractionMicros(text, end));
}

/** RFC 3339 in UTC with six decimals. Valid for the years 0000 to 9999. */
export function formatTime(microseconds: bigint): string {
  const exact = Number(microseconds);
  const day = Number.isSafeInteger(exact) ? Math.floor(exact / MICROS_PER_DAY) : wholeDays(microseconds);
  const within = Number.isSafeInteger(exact) ? exact - day * MICROS_PER_DAY : Number(microseconds - BigInt(day) * MICROS_OF_DAY);
  if (day !== lastDay) {
    lastDate = new Date(day * 86_400_000).toISOString().slice(0, 11);
    lastDay = day;
  }
  // `| 0`: below 2^31, and whole numbers are divided faster
  const seconds = Math.floor(within / 1_000_000) | 0;
  const micros = (within - seconds * 1_000_000) | 0;
  const clock = two((seconds / 3600) | 0) + ':' + two(((seconds / 60) | 0) % 60) + ':' + two(seconds % 60);
  return lastDate + clock + '.' + three((micros / 1000) | 0) + three(micros % 1000) + 'Z';
}

const MICROS_OF_DAY = BigInt(MICROS_PER_DAY);

function wholeDays(microseconds: bigint): number {
  const days = microseconds / MICROS_OF_DAY;
  return Number(microseconds % MICROS_OF_DAY < 0n ? days - 1n : days);
}

/** Neighbouring events fall on the same day, and its date is the costly part. */
let lastDay = Number.NaN;
let lastDate = '';

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const THREE_DIGITS = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));
const two = (value: number): string => TWO_DIGITS[value] as string;
const three = (value: number): string => THREE_DIGITS[value] as string;

function hasDateTimeMarks(text: string): boolean {
  const between = text.charCodeAt(10) | 32;
  return text[4] === '-' && text[7] === '-' && between === 116 && text[13] === ':' && text[16] === ':';
}

/** The number written in [from, to), or -1 if that is not digits only. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && !leap ? 28 : (DAYS[month - 1] ?? 0);
}

function secondsOfDay(text: string): number {
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const valid = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
  return valid ? hour * 3600 + minute * 60 + second : -1;
}

/** Where the offset begins; -1 for a point without digits. */
function endOfFraction(text: string): number {
  if (text[19] !== '.') return 19;
  let end = 20;
  while (end < text.length && digits(text, end, end + 1) >= 0) end++;
  return end === 20 ? -1 : end;
}

/** To raise to a power takes as long as to read all digits. */
const POWERS_OF_TEN = [1, 10, 100, 1_000, 10_000, 100_000];

function fractionMicros(text: string, end: number): number {
  const last = Math.min(end, 26);
  return end <= 20 ? 0 : digits(text, 20, last) * (POWERS_OF_TEN[26 - last] as number);
}

function offsetMinutes(text: string, from: number): number | undefined {
  if ((text.charCodeAt(from) | 32) === 122 && text.length === from + 1) return 0;
  const sign = text[from] === '+' ? 1 : text[from] === '-' ? -1 : 0;
  const hour = digits(text, from + 1, from + 3);
  const minute = digits(text, from + 4, from + 6);
  if (sign === 0 || text.length !== from + 6 || text[from + 3] !== ':') return undefined;
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 ? sign * (hour * 60 + minute) : undefined;
}

/** Days from civil date, proleptic Gregorian (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function micros(days: number, seconds: number, fraction: number): bigint {
  const total = days * MICROS_PER_DAY + seconds * 1_000_000 + fraction;
  return Number.isSafeInteger(total) ? BigInt(total) : BigInt(days) * BigInt(MICROS_PER_DAY) + BigInt(seconds * 1_000_000 + fraction);
}
