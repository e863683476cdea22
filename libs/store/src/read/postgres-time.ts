import { formatTime } from '#libs/contracts';

/** PostgreSQL knows no year 0: it calls it 1 BC. */
const BEFORE_CHRIST = ' BC';

/** Microseconds since the epoch as PostgreSQL reads a timestamptz; years 0000 to 9999. */
export function postgresTime(microseconds: bigint): string {
  const iso = formatTime(microseconds);
  return iso.startsWith('0000') ? `0001${iso.slice(4)}${BEFORE_CHRIST}` : iso;
}

/** A timestamptz as PostgreSQL writes it with DateStyle ISO in UTC, as ISO 8601 with six decimals. */
export function isoTime(text: string): string {
  if (text.endsWith(BEFORE_CHRIST)) return `0000${isoTime(text.slice(0, -BEFORE_CHRIST.length)).slice(4)}`;
  const end = text.length - '+00'.length;
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, end).padEnd(6, '0')}Z`;
}
