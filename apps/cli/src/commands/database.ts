import type { Command } from 'commander';
import { migrate } from '#libs/store';
import { printTo } from '../output.js';
import { databaseUrlOf } from './reach.js';

export function addDatabaseCommands(annals: Command): void {
  annals
    .command('db-url')
    .description("Prints the PostgreSQL address of the local stack, with the owner's login")
    .addHelpText('after', '\nExamples:\n  npm run --silent db:url\n  psql "$(npm run --silent db:url)"')
    .action(async () => printTo(process.stdout)(await databaseUrlOf(process.env)));
  annals
    .command('migrate')
    .description('Brings the database to this version of annals; changes nothing where it is there already')
    .addHelpText(
      'after',
      "\nNeeds the owner's login (DATABASE_URL, or the local stack of DATA_DIR).\n\nExamples:\n" +
        '  DATABASE_URL=postgres://owner:password@127.0.0.1:5432/annals npm run annals -- migrate',
    )
    .action(async () => {
      await migrate(await databaseUrlOf(process.env));
      printTo(process.stdout)('The database is up to date.');
    });
}
