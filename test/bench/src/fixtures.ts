import { accountOf, tenantOfRank } from './events/population.js';
import { createTopics, publish, topicEnds, type TopicEnd } from './events/publish.js';
import type { GenerateOptions } from './events/generate.js';
import { fillGrown } from './grown/fill-grown.js';
import { loadAnnals } from './ingest/annals.js';
import { exportRows, type ExportedRows } from './ingest/copy-rows.js';
import type { Sizes } from './options.js';
import type { Busy } from './reads/other-targets.js';
import { progress } from './report/progress.js';
import { emptyAnnals, settle, type BenchDatabase } from './stack/databases.js';
import type { BenchStack } from './stack/start-stack.js';

/** The account whose page is read: the busiest of the busiest tenant. */
export const BUSY: Busy = { tenantId: tenantOfRank(0), account: accountOf(0, 0) };

/** Events on the topics, behind those of earlier sets. */
export interface EventSet {
  readonly count: number;
  /** Makes ingest begin with this set on the database. */
  beginHere(database: BenchDatabase): Promise<void>;
}

/** What several parts stand on; each is made when it is first asked for. */
export interface Fixtures {
  readonly stack: BenchStack;
  readonly sizes: Sizes;
  /** The first set of events; nothing else is on annals' topics until `newSet`. */
  firstSet(): Promise<EventSet>;
  /** A database into which the first set was ingested. */
  store(): Promise<BenchDatabase>;
  /** Its rows. */
  rows(): Promise<ExportedRows>;
  /** A database with many times as many events. */
  grown(): Promise<BenchDatabase>;
  newSet(options: Pick<GenerateOptions, 'count' | 'days' | 'onlyAccount'>): Promise<EventSet>;
}

export function makeFixtures(stack: BenchStack, sizes: Sizes): Fixtures {
  let seed = 1;
  const firstSet = once(async () => {
    progress(`Publishing ${sizes.ingest.toLocaleString('en-US')} events`);
    await createTopics(stack);
    await publish(stack, { count: sizes.ingest, seed, untilMs: Date.now() });
    return { count: sizes.ingest, beginHere: () => Promise.resolve() };
  });
  const store = once(async () => {
    const { count } = await firstSet();
    const database = await emptyAnnals(stack, 'store');
    progress('Ingesting them once, for what is read and copied');
    await loadAnnals(stack, database, count);
    await settle(database);
    return database;
  });
  const rows = once(async () => exportRows(stack, await store()));
  const grown = once(async () => {
    const database = await emptyAnnals(stack, 'grown');
    await fillGrown(database, await rows(), Math.max(1, Math.round(sizes.grown / sizes.ingest)));
    progress('Settling it: vacuum, analyze, checkpoint');
    await settle(database);
    return database;
  });
  const newSet: Fixtures['newSet'] = async (options) => {
    const known = await store();
    const ends = await topicEnds(stack);
    progress(`Publishing ${options.count.toLocaleString('en-US')} more events`);
    await publish(stack, { ...options, seed: ++seed, untilMs: Date.now() });
    return { count: options.count, beginHere: (database) => beginAt(database, known, ends) };
  };
  return { stack, sizes, firstSet, store, rows, grown, newSet };
}

/** Writes the offsets at which a set begins. The ids of cluster and topics stand where the first set went through. */
async function beginAt({ client }: BenchDatabase, known: BenchDatabase, ends: readonly TopicEnd[]): Promise<void> {
  const { rows } = await known.client.query<{ cluster_id: string; topic: string; topic_id: string }>(
    'select distinct cluster_id, topic, topic_id from annals.offsets',
  );
  const ids = new Map(rows.map((row) => [row.topic, row]));
  for (const { topic, partition, end } of ends) {
    const id = ids.get(topic);
    if (id === undefined) continue;
    await client.query(
      `insert into annals.offsets (cluster_id, topic_id, partition, topic, next_offset) values ($1, $2, $3, $4, $5)
       on conflict (cluster_id, topic_id, partition) do update set next_offset = excluded.next_offset`,
      [id.cluster_id, id.topic_id, partition, topic, end],
    );
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
