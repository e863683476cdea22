import type { TransformFnParams } from 'class-transformer';

/** Text that holds none can be handed to PostgreSQL, which knows no NUL, and shown on one line. */
export const NO_CONTROLS = /^\P{Cc}+$/u;

/** Nothing but blanks says nothing; whether it may be empty is for others to say. */
export const NOT_BLANK = /\S|^$/;

/** Digits become a number; anything else stays text, for the validator to name. */
export const toNumber = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;

export const toFlag = ({ value }: TransformFnParams): unknown => (value === 'true' ? true : value === 'false' ? false : value);

/** Repeated, comma separated, or both. */
export const toList = ({ value }: TransformFnParams): unknown => {
  const given: unknown[] = Array.isArray(value) ? value : [value];
  return given.flatMap((part) => (typeof part === 'string' ? part.split(',').map((name) => name.trim()) : [part]));
};

/** As it came: what is inside is judged by rules of its own, and kept as written. */
export const verbatim = ({ obj, key }: TransformFnParams): unknown => (obj as Record<string, unknown>)[key];
