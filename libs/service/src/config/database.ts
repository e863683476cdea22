import type { ConfigCheck, ConfigValues } from './define-config.js';
import { urlText, wholeNumber } from './values.js';
import { optionalVariable, variable, type Variable } from './variable.js';

type DatabaseVariables<R extends string> = Record<`${R}_DATABASE_URL` | 'DATABASE_URL', Variable<string | undefined>> &
  Record<`${R}_POOL_SIZE`, Variable<number>>;

/**
 * How one app reaches PostgreSQL. `<ROLE>_DATABASE_URL` carries the login of the app's own role; where only
 * `DATABASE_URL` is given, the app derives its role's connection from it.
 */
export function databaseVariables<R extends string>(role: R, poolSize: number): DatabaseVariables<R> {
  const url = (description: string, example: string) =>
    optionalVariable(urlText('postgres', 'postgresql'), { description, example, secret: true });
  return {
    [`${role}_DATABASE_URL`]: url(
      `PostgreSQL with the login of the ${role.toLowerCase()} role`,
      'postgres://user:password@127.0.0.1:5432/annals',
    ),
    DATABASE_URL: url('PostgreSQL; every app derives its own role from it', 'postgres://user:password@127.0.0.1:5432/annals'),
    [`${role}_POOL_SIZE`]: variable(wholeNumber(1, 200), { description: 'Connections to PostgreSQL at most', default: String(poolSize) }),
  } as DatabaseVariables<R>;
}

export function databaseCheck(role: string): ConfigCheck {
  const own = `${role}_DATABASE_URL`;
  return (values) =>
    own in values && 'DATABASE_URL' in values && values[own] === undefined && values['DATABASE_URL'] === undefined
      ? [{ variable: own, message: 'is required, or DATABASE_URL' }]
      : [];
}

export interface DatabaseConnection {
  readonly url: string;
  /** True where the URL logs in as the app's own role already, false where that role is still to be derived. */
  readonly roleSpecific: boolean;
  readonly poolSize: number;
}

/** Needs values that passed {@link databaseCheck}. */
export function databaseOf<R extends string>(role: R, config: ConfigValues<DatabaseVariables<R>>): DatabaseConnection {
  const values: Readonly<Record<string, unknown>> = config;
  const own = values[`${role}_DATABASE_URL`];
  const url = own ?? values['DATABASE_URL'];
  if (typeof url !== 'string') throw new Error(`neither ${role}_DATABASE_URL nor DATABASE_URL is set`);
  return { url, roleSpecific: own !== undefined, poolSize: Number(values[`${role}_POOL_SIZE`]) };
}
