import { Command } from 'commander';
import { loadConfigOrExit } from '#libs/service';
import { printTo } from './output.js';
import { addDatabaseCommands } from './commands/database.js';
import { addDeadLetterCommands } from './commands/dead-letters.js';
import { addOffsetCommands } from './commands/offsets.js';
import { addOutboxRelayCommand } from './commands/outbox-relay.js';
import { addTopicsCommand } from './commands/topics.js';
import { tokenFor, type TokenOptions } from './commands/token.js';
import { dataDirOf } from './commands/reach.js';
import { startConfig, type StartOptions } from './start/settings.js';
import { start } from './start/start.js';

/** The whole command line. */
export function program(): Command {
  const annals = new Command('annals')
    .description('Runs and looks after annals, the activity timeline of a CRM.')
    .exitOverride()
    .showHelpAfterError('(--help shows how it is used)')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 asked wrongly. ANNALS_DEBUG=1 shows where an error came from.');
  addStartCommand(annals);
  addTokenCommand(annals);
  addDatabaseCommands(annals);
  addTopicsCommand(annals);
  addDeadLetterCommands(annals);
  addOffsetCommands(annals);
  addOutboxRelayCommand(annals);
  return annals;
}

function addStartCommand(annals: Command): void {
  annals
    .command('start')
    .description('Starts Kafka, PostgreSQL, ingest, query and a demo on this machine, and stays until Ctrl-C')
    .option('--no-demo', 'publish no demo events')
    .option('--docker', 'run Kafka in a container instead of a JVM', false)
    .addHelpText('after', START_HELP)
    .action(async (options: StartOptions) => {
      // streams are flushed and timers of libraries left alone: the process ends when all parts have
      process.exit(await start(loadConfigOrExit(startConfig), options, printTo(process.stdout), printTo(process.stderr)));
    });
}

const START_HELP = `
Environment:
  PORT           port of the HTTP API (3000)
  DATA_DIR       folder of data, logs and the token secret (./.data)
  KAFKA_PORT     port of the local Kafka (9092, or a free one)
  KAFKA_BROKERS  use this Kafka and start none
  DATABASE_URL   use this PostgreSQL (as owner) and start none
  JWT_SECRET     secret of the tokens (made and kept in DATA_DIR)
  JWKS_URL       or the issuer's public keys

Examples:
  npm start
  npm start -- --no-demo
  PORT=3001 KAFKA_PORT=9192 DATA_DIR=/tmp/annals npm start`;

function addTokenCommand(annals: Command): void {
  const collect = (tenant: string, before: readonly string[] = []): string[] => [...before, tenant];
  annals
    .command('token')
    .description('Prints a token for the local stack, whether it runs or not')
    .requiredOption('--tenant <uuid>', 'tenant the token is for; may be repeated', collect)
    .option('--user <id>', 'for a member of staff: may do everything staff may')
    .option('--customer <record>', 'for a customer, contact/<id>, lead/<id> or merchant/<id>: sees its own timeline')
    .option('--service <name>', 'for another program')
    .option('--ttl <duration>', 'how long it is good for: 30m, 12h, 7d', '30d')
    .addHelpText('after', TOKEN_HELP)
    .action(async (options: TokenOptions) => {
      const { JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE } = process.env;
      const token = await tokenFor(options, {
        dataDir: dataDirOf(process.env),
        ...(JWT_SECRET && { JWT_SECRET }),
        ...(JWT_ISSUER && { JWT_ISSUER }),
        ...(JWT_AUDIENCE && { JWT_AUDIENCE }),
      });
      printTo(process.stdout)(token);
    });
}

const TOKEN_HELP = `
Examples:
  npm run --silent token -- --tenant 5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11 --user jane@example.com
  npm run --silent token -- --tenant 5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11 --customer contact/contact-ada-marsh --ttl 1h`;
