import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { readEventLines } from './event-lines.js';
import type { EventRow } from './types.js';

/** Columns as the server prints them. */
export type Answer = readonly (string | null)[];

/** A named statement. */
export interface NamedRead {
  readonly name: string;
  readonly text: string;
}

const AS_PRINTED = { getTypeParser: () => (value: string) => value };

/** One round trip. A connection plans the statement once. */
export async function askAll(connection: Pick<pg.ClientBase, 'query'>, read: NamedRead, values: readonly unknown[]): Promise<Answer[]> {
  const query: pg.QueryArrayConfig<unknown[]> = { ...read, values: [...values], rowMode: 'array', types: AS_PRINTED };
  const { rows } = await connection.query<(string | null)[]>(query);
  return rows;
}

/** As {@link askAll}, where the answer is one row. */
export async function ask(connection: Pick<pg.ClientBase, 'query'>, read: NamedRead, values: readonly unknown[]): Promise<Answer> {
  return (await askAll(connection, read, values))[0] ?? [];
}

/**
 * Asks for events: `values` and after them the mark that parts fields. It is asked again with a mark nobody can guess where a stored
 * text reads like the plain one. Events are in the first column.
 */
export async function askForRows(pool: pg.Pool, read: NamedRead, values: readonly unknown[]): Promise<{ rows: EventRow[]; rest: Answer }> {
  for (const markOf of [() => '', () => randomBytes(12).toString('hex')]) {
    const mark = markOf();
    const [lines, ...rest] = await ask(pool, read, [...values, mark]);
    const rows = typeof lines === 'string' ? readEventLines(lines, mark) : [];
    if (rows !== null) return { rows, rest };
  }
  throw new Error(`${read.name} cannot be read`);
}
