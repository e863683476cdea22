import type { z } from 'zod';

interface About {
  readonly description: string;
  /** A value as one would write it, for `.env.example`; needed where there is no default. */
  readonly example?: string;
  /** Never printed. */
  readonly secret?: boolean;
}

/** One environment variable: how its text becomes a value, and what to tell people about it. */
export interface Variable<T> extends About {
  readonly schema: z.ZodType<T>;
  /** In the form one would write, so that the default passes through the same schema. */
  readonly default?: string;
  readonly required: boolean;
}

/** A variable that always has a value: from the environment, or from its default. Without a default it must be given. */
export function variable<T>(schema: z.ZodType<T>, about: About & { readonly default?: string }): Variable<T> {
  return { ...about, schema, required: about.default === undefined };
}

/** A variable that may be left out; its value is then `undefined`. */
export function optionalVariable<T>(schema: z.ZodType<T>, about: About): Variable<T | undefined> {
  return { ...about, schema, required: false };
}
