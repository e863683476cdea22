import { z } from 'zod';

/** Text to a whole number within bounds. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must lie between ${min} and ${max}`);
}

export function portNumber(): z.ZodType<number> {
  return wholeNumber(0, 65535);
}

export function flag(): z.ZodType<boolean> {
  return z
    .string()
    .toLowerCase()
    .refine((text) => ['true', 'false', '1', '0'].includes(text), 'must be true or false')
    .transform((text) => text === 'true' || text === '1');
}

export function oneOf<const T extends string>(values: readonly T[]): z.ZodType<T> {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

/** An absolute URL with one of the schemes, kept as text. */
export function urlText(...schemes: readonly string[]): z.ZodType<string> {
  return z.string().refine(
    (text) => {
      const url = URL.parse(text);
      return url !== null && schemes.includes(url.protocol.slice(0, -1));
    },
    `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  );
}

/** Comma separated, blanks around the parts dropped, at least one part. */
export function commaList(part: z.ZodType<string>): z.ZodType<string[]> {
  return z.string().transform((text, context) => {
    const pieces = text.split(',').flatMap((piece) => (piece.trim() === '' ? [] : [piece.trim()]));
    if (pieces.length === 0) context.addIssue('must name at least one');
    const refused = pieces.map((piece) => part.safeParse(piece).error?.issues[0]?.message).find((message) => message !== undefined);
    if (refused !== undefined) context.addIssue(refused);
    return pieces;
  });
}

export function text(): z.ZodType<string> {
  return z.string();
}
