import type { Command } from 'commander';
import {
  connectionFor,
  listDeadLetters,
  openDatabase,
  redecode,
  loadTenantTypes,
  purgeDeadLetters,
  redriveDeadLetters,
  showDeadLetter,
  type Database,
  type DeadLetterSelection,
  type DeadLetterSummary,
  type RedriveOutcome,
  type StoreRole,
} from '#libs/store';
import { Failure } from '../failure.js';
import { everySecond, printTo } from '../output.js';
import { table, toJson } from '../table.js';
import { databaseUrlOf, topicPrefixOf } from './reach.js';
import { coordinatesOf, narrowedSelectionOf, selectionOf, type SelectionOptions } from './selection.js';
import { wholeNumber } from './topics.js';

type Changing = SelectionOptions & { readonly all: boolean; readonly json: boolean };

/** `annals dead-letters …`: records that could not be accepted. */
export function addDeadLetterCommands(annals: Command): void {
  const letters = annals
    .command('dead-letters')
    .description('Records that ingest could not accept')
    .addHelpText('after', '\nThey need DATABASE_URL, or the local stack of DATA_DIR.');
  addList(letters);
  addShow(letters);
  addRedrive(letters);
  addPurge(letters);
}

function addList(letters: Command): void {
  selecting(letters.command('list').description('Shows the newest, without their bytes'))
    .option('--redriven', 'also those that were re-driven already', false)
    .option('--limit <count>', 'how many', wholeNumber, 50)
    .option('--json', 'one JSON object a line', false)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run annals -- dead-letters list --reason bad_payload\n  npm run annals -- dead-letters list --before 30d --json',
    )
    .action(async (options: SelectionOptions & { limit: number; json: boolean }) => {
      const selection = selectionOf(options, new Date());
      const found = await withDatabase('admin', (database) => listDeadLetters(database, selection, options.limit));
      const print = printTo(process.stdout);
      if (options.json) found.forEach((letter) => print(toJson(letter)));
      else if (found.length === 0) print('No dead letters.');
      else table([HEADING, ...found.map(rowOf)]).forEach((line) => print(line));
    });
}

const HEADING = ['RECORD', 'REASON', 'WHERE', 'RECEIVED', 'ATTEMPTS', 'TENANT', 'MESSAGE'];

function rowOf(letter: DeadLetterSummary): string[] {
  const { topic, partition, offset, reason, schemaPath, receivedAt, attempts, tenantId, message } = letter;
  return [
    `${topic}/${partition}/${offset}`,
    reason,
    schemaPath || '-',
    receivedAt.toISOString(),
    String(attempts),
    tenantId ?? '-',
    message,
  ];
}

function addShow(letters: Command): void {
  letters
    .command('show')
    .argument('<record>', 'topic/partition/offset')
    .description('Shows one with its key, headers and value as they came; they may hold personal data')
    .option('--json', 'with key and value in base64', false)
    .addHelpText('after', '\nExamples:\n  npm run annals -- dead-letters show crm.web/0/1234')
    .action(async (record: string, { json }: { json: boolean }) => {
      const coordinates = coordinatesOf(record);
      const letter = await withDatabase('admin', (database) => showDeadLetter(database, coordinates));
      if (letter === null) throw new Failure(`There is no dead letter ${record}.`);
      const { key, value, ...about } = letter;
      const print = printTo(process.stdout);
      if (json) return print(toJson({ ...about, key: key?.toString('base64') ?? null, value: value?.toString('base64') ?? null }));
      for (const [name, field] of Object.entries(about)) print(`${name}: ${typeof field === 'string' ? field : toJson(field)}`);
      print(`key: ${key?.toString('utf8') ?? 'none'}`);
      print(`value (${value?.length ?? 0} bytes):`);
      print(value?.toString('utf8') ?? '');
    });
}

function addRedrive(letters: Command): void {
  selecting(letters.command('redrive').argument('[records...]', 'topic/partition/offset'))
    .description('Takes them through ingest again; harmless twice, since the log knows every event by its identity')
    .option('--all', 'all that were not re-driven yet', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run annals -- dead-letters redrive crm.web/0/1234\n  npm run annals -- dead-letters redrive --reason unknown_type',
    )
    .action(async (records: string[], options: Changing) => {
      const now = new Date();
      const selections = selectionsOf(records, options, now);
      const outcome = await withDatabase('ingest', (database) => redriveAll(database, selections, now));
      const print = printTo(process.stdout);
      if (options.json) print(toJson(outcome));
      else print(`${outcome.redriven} re-driven, ${outcome.refused} still refused`);
    });
}

async function redriveAll(database: Database, selections: readonly DeadLetterSelection[], now: Date): Promise<RedriveOutcome> {
  const total = { redriven: 0, refused: 0 };
  const registry = await loadTenantTypes(database);
  const options = { topicPrefix: topicPrefixOf(process.env), nowMs: now.getTime(), registry };
  const say = everySecond(printTo(process.stderr));
  for (const selection of selections) {
    const { redriven, refused } = await redriveDeadLetters(
      database,
      selection,
      (letter) => redecode(letter, options),
      (soFar) => say(`${total.redriven + soFar.redriven} re-driven, ${total.refused + soFar.refused} refused so far`),
    );
    total.redriven += redriven;
    total.refused += refused;
  }
  return total;
}

function addPurge(letters: Command): void {
  selecting(letters.command('purge').argument('[records...]', 'topic/partition/offset'))
    .description('Deletes them for good; the copies on the topic annals.dlq stay as long as that keeps them')
    .option('--redriven', 'also those that were re-driven already', false)
    .option('--all', 'all of them', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run annals -- dead-letters purge --before 90d --redriven\n  npm run annals -- dead-letters purge crm.web/0/1234',
    )
    .action(async (records: string[], options: Changing) => {
      const selections = selectionsOf(records, options, new Date());
      const purged = await withDatabase('admin', async (database) => {
        let count = 0;
        for (const selection of selections) count += await purgeDeadLetters(database, selection);
        return count;
      });
      printTo(process.stdout)(options.json ? toJson({ purged }) : `${purged} deleted`);
    });
}

function selectionsOf(records: readonly string[], options: Changing, now: Date): DeadLetterSelection[] {
  if (records.length === 0) return [narrowedSelectionOf(options, now)];
  const narrowed = selectionOf(options, now);
  return records.map((record) => ({ ...narrowed, ...coordinatesOf(record) }));
}

function selecting(command: Command): Command {
  return command
    .option('--topic <name>', 'only of this topic')
    .option('--reason <reason>', 'only with this reason')
    .option('--tenant <uuid>', 'only of this tenant')
    .option('--before <time>', 'only received before: 2026-01-31T00:00:00Z, or an age like 12h or 30d');
}

/** Opens the database as `role` for the length of `work`. */
export async function withDatabase<T>(role: StoreRole, work: (database: Database) => Promise<T>): Promise<T> {
  const url = connectionFor(await databaseUrlOf(process.env), role);
  const database = await openDatabase({ url, poolSize: 1, applicationName: 'annals-cli' });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
