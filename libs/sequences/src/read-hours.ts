import { IANAZone } from 'luxon';
import type { DefinitionReader } from './definition-reader.js';
import type { WorkingHours } from './sequence.js';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

export function readHours(value: unknown, pointer: string, reader: DefinitionReader): WorkingHours {
  const { timeZone, days, from, to } = reader.object(value, pointer, ['timeZone', 'days', 'from', 'to']);
  if (typeof timeZone !== 'string' || !IANAZone.isValidZone(timeZone)) {
    reader.fault(`${pointer}/timeZone`, 'must be an IANA time zone, such as Europe/Berlin');
  }
  const isOpen = typeof from === 'string' && CLOCK.test(from);
  const isClose = typeof to === 'string' && (CLOCK.test(to) || to === '24:00');
  if (!isOpen) reader.fault(`${pointer}/from`, 'must be a time of day, HH:MM');
  if (!isClose) reader.fault(`${pointer}/to`, 'must be a time of day, HH:MM, or 24:00');
  // a window shorter than that could vanish where clocks change
  if (isOpen && isClose && minutesOf(to) - minutesOf(from) < 60) reader.fault(`${pointer}/to`, 'must lie at least an hour behind from');
  const weekdays = reader.list(days, `${pointer}/days`, [1, 7], (day, at) => reader.wholeNumber(day, at, [1, 7]));
  return { timeZone: String(timeZone), days: [...new Set(weekdays)].sort(), from: String(from), to: String(to) };
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
