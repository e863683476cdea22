import type { Command } from 'commander';
import { BusProducer } from '#libs/bus';
import { OUTBOX_TABLE, outboxSql, outboxTable } from '#libs/producer';
import { Failure } from '../failure.js';
import { relayOutbox } from '../outbox/relay.js';
import { printTo } from '../output.js';
import { silent } from '../silent.js';
import { busConfigOf, topicPrefixOf } from './reach.js';
import { wholeNumber } from './topics.js';

interface Options {
  readonly databaseUrl?: string;
  readonly table: string;
  readonly batch: number;
  readonly every: number;
  readonly once: boolean;
  readonly printSql: boolean;
}

/** `annals outbox-relay`: what a subsystem runs beside its own database. */
export function addOutboxRelayCommand(annals: Command): void {
  annals
    .command('outbox-relay')
    .description("Publishes the events of a subsystem's outbox table, in order, and deletes each once Kafka has it")
    .option('--database-url <url>', "the subsystem's PostgreSQL (or OUTBOX_DATABASE_URL, which no list of processes shows)")
    .option('--table <name>', 'the table, with or without a schema', OUTBOX_TABLE)
    .option('--batch <rows>', 'rows of one batch', wholeNumber, 500)
    .option('--every <milliseconds>', 'how often it looks while there is nothing', wholeNumber, 200)
    .option('--once', 'end when the table is empty', false)
    .option('--print-sql', 'print what makes the table, and end', false)
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const print = printTo(process.stdout);
      const table = tableOf(options.table);
      if (options.printSql) return print(outboxSql(table).trimEnd());
      const databaseUrl = options.databaseUrl ?? process.env['OUTBOX_DATABASE_URL'];
      if (!databaseUrl) throw new Failure("Say where the outbox is: --database-url or OUTBOX_DATABASE_URL, the subsystem's PostgreSQL.", 2);
      const producer = new BusProducer({ config: { ...(await busConfigOf(process.env)), clientId: 'annals-outbox-relay' }, log: silent });
      try {
        await relayOutbox({
          ...{ databaseUrl, table, batch: options.batch, everyMs: options.every, once: options.once },
          ...{ topicPrefix: topicPrefixOf(process.env), signal: untilSignal(), producer, print },
        });
      } finally {
        await producer.close();
      }
    });
}

function tableOf(name: string): string {
  try {
    return outboxTable(name);
  } catch (error) {
    throw new Failure(`--table: ${(error as Error).message}.`, 2);
  }
}

/** The first signal ends it after the batch in hand, the second at once. */
function untilSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

const HELP = `
Needs KAFKA_BROKERS (and its companions, KAFKA_TOPIC_PREFIX), or the local stack of DATA_DIR. Any number may run: one works, the
others wait. A relay that is killed publishes its last batch again; annals knows the events by their ids and stores each once.
SIGTERM ends it after the batch in hand.

Examples:
  npm run --silent annals -- outbox-relay --print-sql | psql "$OUTBOX_DATABASE_URL"
  OUTBOX_DATABASE_URL=postgres://crm:password@127.0.0.1:5432/crm npm run annals -- outbox-relay
  npm run annals -- outbox-relay --once --table crm.annals_outbox`;
