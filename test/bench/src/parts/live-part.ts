import { setTimeout as pause } from 'node:timers/promises';
import { INPUT_TOPICS, OUTPUT_TOPICS } from '#libs/contracts';
import { accountOf, stableUuid, TENANTS, tenantOfRank } from '../events/population.js';
import { createTopics } from '../events/publish.js';
import type { Fixtures } from '../fixtures.js';
import { Publisher } from '../live/publisher.js';
import type { ReadersResult } from '../live/readers.main.js';
import { Readers } from '../live/readers.js';
import { startLiveIngest } from '../live/start-live-ingest.js';
import { cpuMicros, peakMemoryMb } from '../measure/process-usage.js';
import { medianOf, spreadOf } from '../measure/spread.js';
import { startQuery, type QueryApp } from '../reads/query-app.js';
import { progress } from '../report/progress.js';
import type { Row } from '../report/print.js';
import { emptyAnnals, settle, wearIn, type BenchDatabase } from '../stack/databases.js';
import type { PartResult } from './ingest-parts.js';

const PREFIX = 'live.';
const PER_SECOND = 5_000;
const READERS = 100;
const IDLE_READERS = 2_000;
const WARM_UP_SECONDS = 12;
/** Of the streams; prime, so that most feeds are among them. */
const SAMPLE_EVERY = 7;
const tenants = Array.from({ length: TENANTS }, (_, rank) => tenantOfRank(rank));

interface Measured extends ReadersResult {
  readonly perSecond: number;
  readonly queryCores: number;
}

/** What the rounds say of one figure. */
type Figure = (round: Measured) => number;

/** From publishing to a live stream, with many readers; and the memory that readers without entries take. */
export async function benchLive(fixtures: Fixtures): Promise<PartResult> {
  const { stack } = fixtures;
  await createTopics(
    stack,
    [...INPUT_TOPICS, ...OUTPUT_TOPICS].map((topic) => PREFIX + topic),
  );
  const database = await emptyAnnals(stack, 'live');
  await wearIn(database);
  await settle(database);
  const ingest = await startLiveIngest(stack, database, PREFIX);
  const spread = await follow(fixtures, database, 1, tenants);
  const oneTenant = await follow(fixtures, database, 2, tenants.slice(0, 1));
  await ingest.stop();
  const idleMb = await idleMemory(database);
  await database.drop();
  return {
    section: {
      title: `From publishing to a live stream, ${PER_SECOND.toLocaleString('en-US')} events/s, ${READERS} readers of whole feeds`,
      unit: 'ms',
      rows: [...rowsOf(`feeds of ${TENANTS} tenants`, spread), ...rowsOf('the feed of one tenant', oneTenant)],
    },
    figures: {
      livePublishToSseP99Ms: medianOf(spread.map(p99)),
      livePublishToSseOneTenantP99Ms: medianOf(oneTenant.map(p99)),
      liveIdleReadersMb: idleMb,
    },
  };
}

const p99 = ({ sincePublished }: Measured): number => sincePublished.p99;

/** Rounds one after the other on the same streams: one stop of the machine would else be the p99 of all. */
async function follow({ stack, sizes }: Fixtures, database: BenchDatabase, seed: number, feeds: readonly string[]): Promise<Measured[]> {
  const { repeats, liveSeconds } = sizes;
  const onlyAccount = feeds.length === 1 ? accountOf(0, 0) : undefined;
  const steady = { topicPrefix: PREFIX, perSecond: PER_SECOND, onlyAccount };
  const publisher = await Publisher.prepare(stack.brokers, [
    { ...steady, seconds: WARM_UP_SECONDS, seed: 100 + seed },
    ...Array.from({ length: repeats }, (_, round) => ({ ...steady, seconds: liveSeconds, seed: 200 + 10 * round + seed })),
  ]);
  const query = await startQuery(database.url, ...tenants);
  const streams = Array.from({ length: READERS }, (_, n) => query.target('feed', '/api/v1/feed/stream', feeds[n % feeds.length]));
  const readers = await Readers.open({ streams, sampleEvery: feeds.length === 1 ? 10 : SAMPLE_EVERY });
  const measured: Measured[] = [];
  try {
    progress(`Publishing ${PER_SECOND} events/s to ${READERS} readers of ${feeds.length} feeds`);
    await publisher.publish();
    while (measured.length < repeats) measured.push(await oneRound(publisher, readers, query));
  } finally {
    publisher.close();
    readers.close();
    await query.stop();
  }
  return measured;
}

async function oneRound(publisher: Publisher, readers: Readers, query: QueryApp): Promise<Measured> {
  readers.measure();
  const [cpuBefore, began] = [await cpuMicros(query.pid), performance.now()];
  const perSecond = await publisher.publish();
  await pause(500);
  const queryCores = ((await cpuMicros(query.pid)) - cpuBefore) / 1000 / (performance.now() - began);
  return { ...(await readers.report()), perSecond, queryCores };
}

/** Each reads the timeline of another contact, to which nothing happens. */
async function idleMemory(database: BenchDatabase): Promise<number> {
  const query: QueryApp = await startQuery(database.url, ...tenants);
  const paths = Array.from({ length: IDLE_READERS }, (_, n) => `/api/v1/timelines/contact/${stableUuid(`idle ${n}`)}/stream`);
  progress(`Opening ${IDLE_READERS} idle readers`);
  const readers = await Readers.open({ streams: paths.map((path, n) => query.target('idle', path, tenants[n % TENANTS])), sampleEvery: 1 });
  try {
    await pause(5_000);
    return await peakMemoryMb(query.pid);
  } finally {
    readers.close();
    await query.stop();
  }
}

function rowsOf(what: string, rounds: readonly Measured[]): Row[] {
  const median = (figure: Figure) => medianOf(rounds.map(figure));
  const seen = `a round: ${median(({ entries }) => entries)} entries timed, ${(median(({ bytes }) => bytes) / 1e6).toFixed(0)} MB read by all`;
  const load = `published ${median(({ perSecond }) => perSecond).toFixed(0)}/s; ${seen}; query ${median(({ queryCores }) => queryCores).toFixed(2)} cores`;
  return [
    latencyRow(`${what}, p50`, rounds, ({ sincePublished }) => sincePublished.p50),
    latencyRow(`${what}, p99`, rounds, p99, load),
    latencyRow('… of that since its append, p99', rounds, ({ sinceAppended }) => sinceAppended.p99),
    latencyRow('… the latest of all', rounds, ({ sincePublished }) => sincePublished.max),
  ];
}

const latencyRow = (what: string, rounds: readonly Measured[], figure: Figure, note = ''): Row => ({
  what,
  rate: spreadOf(rounds.map(figure)),
  note,
});
