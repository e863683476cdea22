import { InvalidArgumentError, type Command } from 'commander';
import { ensureTopics } from '#libs/bus';
import { printTo } from '../output.js';
import { silent } from '../silent.js';
import { topicSpecs } from '../topic-specs.js';
import { busConfigOf, topicPrefixOf } from './reach.js';

interface CreateOptions {
  readonly partitions: number;
  readonly replication?: number;
  readonly json: boolean;
}

export function addTopicsCommand(annals: Command): void {
  const topics = annals.command('topics').description('The Kafka topics annals reads and writes');
  topics
    .command('create')
    .description('Creates the topics that do not exist yet; those that do keep their settings')
    .option('--partitions <count>', 'partitions of each: as many instances of ingest can share the work', wholeNumber, 3)
    .option('--replication <count>', "copies of each (the brokers' default)", wholeNumber)
    .option('--json', 'print a JSON list of the names created', false)
    .addHelpText(
      'after',
      '\nNeeds KAFKA_BROKERS, or the local stack of DATA_DIR.\n\nExamples:\n' +
        '  KAFKA_BROKERS=127.0.0.1:9092 npm run annals -- topics create --partitions 12 --replication 3',
    )
    .action(async ({ partitions, replication, json }: CreateOptions) => {
      const created = await ensureTopics(
        await busConfigOf(process.env),
        silent,
        topicSpecs({ partitions, prefix: topicPrefixOf(process.env), ...(replication && { replicationFactor: replication }) }),
      );
      const print = printTo(process.stdout);
      if (json) print(JSON.stringify(created));
      else if (created.length === 0) print('All topics exist.');
      else created.forEach((topic) => print(topic));
    });
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d{1,15}$/.test(text) || number < 1) throw new InvalidArgumentError('It must be a whole number of 1 or more.');
  return number;
}
