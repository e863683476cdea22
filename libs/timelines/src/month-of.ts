const MICROS_PER_DAY = 86_400_000_000;

/**
 * UTC month of a time in microseconds since the epoch, as year * 12 + month - 1 (proleptic Gregorian, with a year 0).
 * The month stands in front of a timeline's key, so that what is written now touches few pages (docs/decisions).
 */
export function monthOf(occurredAt: bigint): number {
  const micros = Number(occurredAt);
  // beyond 2^53 a number could round over the end of a month
  const days = Number.isSafeInteger(micros) ? Math.floor(micros / MICROS_PER_DAY) : wholeDays(occurredAt);
  return monthOfDay(days);
}

function wholeDays(micros: bigint): number {
  const perDay = BigInt(MICROS_PER_DAY);
  const days = micros / perDay;
  return Number(micros % perDay < 0n ? days - 1n : days);
}

/** Howard Hinnant's civil_from_days: years begin in March, so that leap days come last. */
function monthOfDay(daysSinceEpoch: number): number {
  const days = daysSinceEpoch + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return (yearOfEra + era * 400) * 12 + monthFromMarch + 2;
}
