import { ValidateBy } from 'class-validator';
import { parseTime } from '#libs/contracts';

/** A position as JSON has it, or an RFC 3339 time as text. */
export type PositionOrTime = number | string;

const MESSAGE = '$property must be a position (a whole number from 1) or an RFC 3339 time with offset, such as 2026-01-05T14:30:00Z';

/** Decorator of a member that names a place in the log either way. */
export const IsPositionOrTime = (): PropertyDecorator =>
  ValidateBy({ name: 'isPositionOrTime', validator: { validate: isPositionOrTime, defaultMessage: () => MESSAGE } });

function isPositionOrTime(value: unknown): boolean {
  return typeof value === 'string' ? parseTime(value) !== undefined : Number.isSafeInteger(value) && (value as number) > 0;
}
