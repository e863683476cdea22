import { BUSY, type Fixtures } from '../fixtures.js';
import { loadAnnals } from '../ingest/annals.js';
import { rounds } from '../measure/rounds.js';
import { medianOf } from '../measure/spread.js';
import { peakMemoryMb } from '../measure/process-usage.js';
import { answeredRow, drive, timeInTurn, timesRow, type Answered, type Target } from '../reads/drive.js';
import { walkToPage } from '../reads/deep-page.js';
import { startBareFastify, startUsualReads } from '../reads/other-targets.js';
import { startQuery } from '../reads/query-app.js';
import { progress } from '../report/progress.js';
import { emptyAnnals, settle, type BenchDatabase } from '../stack/databases.js';
import type { PartResult } from './ingest-parts.js';

const PAGE = `/api/v1/timelines/account/${BUSY.account}?limit=50`;

/** A page of 50 of a busy account: the query app, bare Fastify with the same SQL, and the usual way, in turn. */
export async function benchPage(fixtures: Fixtures): Promise<PartResult> {
  const { stack, sizes } = fixtures;
  const store = await fixtures.store();
  progress('Starting what answers pages');
  const query = await startQuery(store.url, BUSY.tenantId);
  const bare = await startBareFastify(store, BUSY);
  const usual = await startUsualReads(stack, store, BUSY);
  const targets = [query.target('annals', PAGE), bare.target, usual.target];
  const answered = targets.map((): Answered[] => []);
  for (const target of targets) await drive(target, stack.postgresPid, 1);
  for (const _round of rounds('Pages', sizes, 100)) {
    for (const [i, target] of targets.entries()) answered[i]?.push(await drive(target, stack.postgresPid, sizes.secondsPerRead));
  }
  const queryRssMb = await peakMemoryMb(query.pid);
  for (const app of [query, bare, usual]) await app.stop();
  const share = (other: number): number =>
    medianOf(sizesOf(answered[0]).map((rate, round) => rate / (sizesOf(answered[other])[round] ?? rate)));
  return {
    section: {
      title: 'A page of 50 entries of a busy account over HTTP, 8 connections',
      unit: 'requests/s',
      rows: targets.map(({ name }, i) => answeredRow(name, answered[i] ?? [])),
    },
    figures: { pageVsBareFastify: share(1), pageVsNestTypeorm: share(2), queryRssMb },
  };
}

const sizesOf = (answered: readonly Answered[] = []): number[] => answered.map(({ requestsPerSecond }) => requestsPerSecond);

const DEEP_PAGE = 1_000;
const DEEP = { tenantId: BUSY.tenantId, account: 'the-longest-timeline' };

/** Page 1 and page 1,000 of an account with very many events, by cursor and by number, one request at a time. */
export async function benchDeepPage(fixtures: Fixtures): Promise<PartResult> {
  const { sizes } = fixtures;
  const database = await deepStore(fixtures);
  const query = await startQuery(database.url, DEEP.tenantId);
  const cursorPath = `/api/v1/timelines/account/${DEEP.account}`;
  const numberPath = `/api/crm/activity/by-customer/account/${DEEP.account}?pageSize=50`;
  progress(`Walking to page ${DEEP_PAGE}`);
  const cursor = await walkToPage(query, cursorPath, DEEP_PAGE);
  const targets = [
    query.target('page 1', `${cursorPath}?limit=50`),
    query.target(`page ${DEEP_PAGE} by cursor`, `${cursorPath}?limit=50&cursor=${encodeURIComponent(cursor)}`),
    query.target('page 1 by number, with the total', `${numberPath}&page=1`),
    query.target(`page ${DEEP_PAGE} by number, with the total`, `${numberPath}&page=${DEEP_PAGE}`),
  ];
  progress('Reading near and far pages in turn');
  const times = await timeInTurn(targets, sizes.sequentialReads);
  await query.stop();
  await database.drop();
  return {
    section: timesSection(`A timeline of ${sizes.deepAccount.toLocaleString('en-US')} events, one request at a time`, targets, times),
    figures: { deepPageByCursor: ratioOf(times, 1, 0), deepPageByNumber: ratioOf(times, 3, 2) },
  };
}

/** Through the real ingest, so that counters stand as they do in life. */
async function deepStore(fixtures: Fixtures): Promise<BenchDatabase> {
  const { stack, sizes } = fixtures;
  const database = await emptyAnnals(stack, 'deep');
  const set = await fixtures.newSet({ count: sizes.deepAccount, days: 900, onlyAccount: DEEP.account });
  await set.beginHere(database);
  progress('Ingesting one very long timeline');
  await loadAnnals(stack, database, set.count, 'all');
  await settle(database);
  return database;
}

/** The same page from a store of 200,000 events and from the large one, both warm, one request at a time. */
export async function benchPageGrown(fixtures: Fixtures): Promise<PartResult> {
  const { sizes } = fixtures;
  const small = await startQuery((await fixtures.store()).url, BUSY.tenantId);
  const large = await startQuery((await fixtures.grown()).url, BUSY.tenantId);
  const targets = [
    small.target(`${sizes.ingest.toLocaleString('en-US')} events stored`, PAGE),
    large.target(`${sizes.grown.toLocaleString('en-US')} events stored`, PAGE),
  ];
  progress('Reading the same page from both stores in turn');
  const times = await timeInTurn(targets, sizes.sequentialReads);
  await Promise.all([small.stop(), large.stop()]);
  return {
    section: timesSection('A page of 50 entries, one request at a time', targets, times),
    figures: { pageAt5MVs200k: ratioOf(times, 1, 0) },
  };
}

function timesSection(title: string, targets: readonly Target[], times: readonly number[][]): PartResult['section'] {
  return { title, unit: 'ms', rows: targets.map(({ name }, i) => timesRow(name, times[i] ?? [])) };
}

const ratioOf = (times: readonly number[][], these: number, those: number): number =>
  medianOf(times[these] ?? []) / medianOf(times[those] ?? []);
