import { hintsFor } from './near-names.js';
import type { Variable } from './variable.js';

export type ConfigShape = Readonly<Record<string, Variable<unknown>>>;
export type ConfigValues<S extends ConfigShape> = { readonly [K in keyof S]: S[K] extends Variable<infer T> ? T : never };

/** What is wrong with one variable (or with several together). Never holds a value: it might be a secret. */
export interface ConfigFault {
  readonly variable: string;
  readonly message: string;
}

/** A rule over several variables. Runs even when others are faulty, on what could be read. */
export type ConfigCheck = (values: Readonly<Record<string, unknown>>) => readonly ConfigFault[];

export interface ConfigDefinition<S extends ConfigShape = ConfigShape> {
  readonly name: string;
  readonly shape: S;
  readonly checks: readonly ConfigCheck[];
}
export type ConfigOf<D> = D extends ConfigDefinition<infer S> ? ConfigValues<S> : never;

export type ConfigParsed<S extends ConfigShape> =
  | { readonly outcome: 'valid'; readonly values: ConfigValues<S>; readonly hints: readonly string[] }
  | { readonly outcome: 'faulty'; readonly faults: readonly ConfigFault[]; readonly hints: readonly string[] };

/** The whole configuration of one app: its variables, and the rules between them. */
export function defineConfig<S extends ConfigShape>(name: string, shape: S, ...checks: readonly ConfigCheck[]): ConfigDefinition<S> {
  return { name, shape, checks };
}

/** Reads every variable and reports all faults at once. An empty value counts as not given (compose files pass `${X:-}`). */
export function parseConfig<S extends ConfigShape>(
  definition: ConfigDefinition<S>,
  env: Readonly<Record<string, string | undefined>>,
): ConfigParsed<S> {
  const values: Record<string, unknown> = {};
  const faults: ConfigFault[] = [];
  for (const [name, about] of Object.entries(definition.shape)) {
    const read = readVariable(about, env[name]);
    if ('message' in read) faults.push({ variable: name, message: read.message });
    else values[name] = read.value;
  }
  faults.push(...definition.checks.flatMap((check) => check(values)));
  const hints = hintsFor(Object.keys(definition.shape), env);
  return faults.length > 0 ? { outcome: 'faulty', faults, hints } : { outcome: 'valid', values: values as ConfigValues<S>, hints };
}

function readVariable(about: Variable<unknown>, given: string | undefined): { value: unknown } | { message: string } {
  const raw = given === undefined || given === '' ? about.default : given;
  if (raw === undefined) return about.required ? { message: 'is required' } : { value: undefined };
  const parsed = about.schema.safeParse(raw);
  if (parsed.success) return { value: parsed.data };
  return { message: [...new Set(parsed.error.issues.map((issue) => issue.message))].join('; ') };
}
