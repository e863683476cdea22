import { join } from 'node:path';
import type { BenchDatabase } from '../stack/databases.js';
import type { BenchStack } from '../stack/start-stack.js';
import { measureAct, type Load } from './load.js';

/** The rows of one ingest, as text files that PostgreSQL itself can read. */
export interface ExportedRows {
  readonly events: number;
  readonly files: readonly { readonly table: string; readonly path: string }[];
}

/** Writes what ingest has written, every table that has rows: the log first, each in the order it was written. */
export async function exportRows({ exchangeDir }: BenchStack, { client }: BenchDatabase): Promise<ExportedRows> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'annals'::regnamespace and relkind = 'r' and relname <> 'migrations'
     order by relname <> 'events', relname <> 'timeline', relname`,
  );
  const files: { table: string; path: string }[] = [];
  let events = 0;
  for (const { name } of tables) {
    const path = join(exchangeDir, `${name}.txt`);
    const { rowCount } = await client.query(`copy annals.${name} to '${path}'`);
    if (name === 'events') events = rowCount ?? 0;
    if (rowCount) files.push({ table: name, path });
  }
  return { events, files };
}

/** (a) The same rows into the same tables with the same indexes: one connection, one transaction, nothing but PostgreSQL at work. */
export function copyIntoSameTables(stack: BenchStack, { client }: BenchDatabase, rows: ExportedRows): Promise<Load> {
  return measureAct(stack.postgresPid, rows.events, async () => {
    await client.query('begin');
    for (const { table, path } of rows.files) await client.query(`copy annals.${table} from '${path}'`);
    await client.query('commit');
  });
}

/** (b) The log's rows alone into a table without any key. */
export async function copyIntoBareTable(stack: BenchStack, { client }: BenchDatabase, rows: ExportedRows): Promise<Load> {
  const log = rows.files.find(({ table }) => table === 'events');
  if (log === undefined) throw new Error('there are no events to copy');
  await client.query('create table annals.bare (like annals.events)');
  return measureAct(stack.postgresPid, rows.events, () => client.query(`copy annals.bare from '${log.path}'`));
}
