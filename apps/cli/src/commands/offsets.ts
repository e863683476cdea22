import type { Command } from 'commander';
import { ClusterProbe, kafkaClient, partitionKey, type PartitionBounds } from '#libs/bus';
import { listOffsets, resetOffset, type StoredOffset } from '#libs/store';
import { Failure } from '../failure.js';
import { printTo } from '../output.js';
import { silent } from '../silent.js';
import { table, toJson } from '../table.js';
import { withDatabase } from './dead-letters.js';
import { busConfigOf } from './reach.js';

/** `annals offsets …`: how far each Kafka partition is in the log. */
export function addOffsetCommands(annals: Command): void {
  const offsets = annals
    .command('offsets')
    .description('How far each Kafka partition is in the log, and the repair when a broker lost records');
  offsets
    .command('list')
    .description('Shows where ingest goes on in each partition, beside what the broker has')
    .option('--json', 'one JSON object a line', false)
    .addHelpText(
      'after',
      '\nNeeds DATABASE_URL and KAFKA_BROKERS, or the local stack of DATA_DIR.\n\nExamples:\n  npm run annals -- offsets list',
    )
    .action(async ({ json }: { json: boolean }) => {
      const stored = await withDatabase('admin', listOffsets);
      const broker = await whatBrokerHas(stored);
      const rows = stored.map((row) => ({ ...row, ...broker(row) }));
      const print = printTo(process.stdout);
      if (json) rows.forEach((row) => print(toJson(row)));
      else table([HEADING, ...rows.map(cellsOf)]).forEach((line) => print(line));
    });
  offsets
    .command('reset')
    .argument('<partition>', 'topic/partition')
    .requiredOption('--to <offset>', 'an offset that the broker has, or start or end')
    .description('Says where ingest goes on in a partition; records that come again are duplicates and change nothing')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', RESET_HELP)
    .action(async (partition: string, options: { to: string; json: boolean }) => {
      const done = await reset(partition, options.to);
      printTo(process.stdout)(options.json ? toJson(done) : `${partition}: ${done.from} -> ${done.to}`);
    });
}

const RESET_HELP = `
For a broker that came back with fewer records than were taken: ingest then stops reading the partition and is not
ready. Records beyond the new offset that the log has not seen are taken; records it has are recognised.
Ingest notices by itself within seconds.

Examples:
  npm run annals -- offsets reset crm.web/0 --to end
  npm run annals -- offsets reset crm.web/0 --to 1234`;

interface BrokerView {
  readonly start: bigint | null;
  readonly end: bigint | null;
  /** Whether the topic is the one the offset was stored for. */
  readonly topicExists: boolean;
}

const HEADING = ['PARTITION', 'NEXT', 'BROKER START', 'BROKER END', 'LAG', 'STATE'];

function cellsOf({ topic, partition, nextOffset, start, end, topicExists }: StoredOffset & BrokerView): string[] {
  const lag = end === null ? '-' : String(end - nextOffset);
  const state = topicExists ? stateOf(nextOffset, start, end) : 'topic is gone';
  return [`${topic}/${partition}`, String(nextOffset), String(start ?? '-'), String(end ?? '-'), lag, state];
}

function stateOf(nextOffset: bigint, start: bigint | null, end: bigint | null): string {
  if (end !== null && end < nextOffset) return 'beyond the end: annals offsets reset';
  return start !== null && start > nextOffset ? 'before the start: annals offsets reset' : 'ok';
}

/** Asks the broker once about every topic that still has the id it had. */
async function whatBrokerHas(stored: readonly StoredOffset[]): Promise<(row: StoredOffset) => BrokerView> {
  const probe = new ClusterProbe(kafkaClient(await busConfigOf(process.env), silent));
  try {
    const { topics } = await probe.describe([...new Set(stored.map(({ topic }) => topic))]);
    const isSame = (row: StoredOffset): boolean => topics.get(row.topic)?.topicId === row.topicId;
    const bounds = await probe.bounds(stored.filter(isSame));
    return (row) => {
      const found: PartitionBounds | undefined = isSame(row) ? bounds.get(partitionKey(row)) : undefined;
      return { start: found?.start ?? null, end: found?.end ?? null, topicExists: isSame(row) };
    };
  } finally {
    await probe.close();
  }
}

async function reset(partition: string, to: string): Promise<{ partition: string; from: bigint; to: bigint }> {
  const [, topic, number] = /^([\w.-]{1,249})\/(\d{1,9})$/.exec(partition) ?? [];
  if (topic === undefined) throw new Failure(`A partition is named <topic>/<partition>, like crm.web/0, not ${partition}.`, 2);
  if (!/^(\d{1,18}|start|end)$/.test(to)) throw new Failure(`--to must be an offset, start or end, not ${to}.`, 2);
  return withDatabase('admin', async (database) => {
    const named = (await listOffsets(database)).filter((row) => row.topic === topic && row.partition === Number(number));
    const broker = await whatBrokerHas(named);
    const row = named.length === 1 ? named[0] : named.find((candidate) => broker(candidate).topicExists);
    if (row === undefined) throw new Failure(`No offset of ${partition} is stored: annals offsets list shows which are.`);
    const { start, end } = broker(row);
    if (start === null || end === null) throw new Failure(`The broker does not have ${partition} any more.`);
    const target = to === 'start' ? start : to === 'end' ? end : BigInt(to);
    // a running ingest passes whatever lies before the stored offset
    if (target < start || target > end) throw new Failure(`The broker has ${partition} from ${start} to ${end}: ${target} is outside.`);
    await resetOffset(database, row.clusterId, row.topicId, row.partition, target);
    return { partition, from: row.nextOffset, to: target };
  });
}
