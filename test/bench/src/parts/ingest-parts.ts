import type { Fixtures } from '../fixtures.js';
import { loadAnnals, type AnnalsLoad } from '../ingest/annals.js';
import { copyIntoBareTable, copyIntoSameTables } from '../ingest/copy-rows.js';
import { cpuPerEvent, loadRow, type Load } from '../ingest/load.js';
import { loadUsualWay, publishForUsualWay } from '../ingest/usual-way.js';
import { rounds } from '../measure/rounds.js';
import { medianOf } from '../measure/spread.js';
import type { Part } from '../options.js';
import type { Figures } from '../report/figures.js';
import type { Section } from '../report/print.js';
import { emptyAnnals, settle } from '../stack/databases.js';

/** What one part of the benchmark brought. */
export interface PartResult {
  readonly section: Section;
  readonly figures: Figures;
}

interface Loads {
  readonly annals: AnnalsLoad[];
  readonly sameTables: Load[];
  readonly bareTable: Load[];
  readonly usualWay: Load[];
  readonly allRoles: AnnalsLoad[];
}

/** The usual way is slow: its figure needs no more rounds than these. */
const USUAL_ROUNDS = 2;

/** Events from Kafka into an empty database, and what it is compared with, in turn. */
export async function benchIngest(fixtures: Fixtures, parts: ReadonlySet<Part>): Promise<PartResult> {
  const { stack, sizes } = fixtures;
  await fixtures.firstSet();
  await fixtures.rows();
  if (parts.has('usual-way')) await publishForUsualWay(stack, { count: sizes.usualWay, seed: 1, untilMs: Date.now() });
  const loads: Loads = { annals: [], sameTables: [], bareTable: [], usualWay: [], allRoles: [] };
  for (const round of rounds('Ingest', sizes, 240)) await oneRound(fixtures, parts, round, loads);
  return { section: sectionOf(fixtures, loads), figures: { ...(await figuresOf(fixtures, loads)) } };
}

async function oneRound(fixtures: Fixtures, parts: ReadonlySet<Part>, round: number, loads: Loads): Promise<void> {
  const { stack, sizes } = fixtures;
  const rows = await fixtures.rows();
  loads.annals.push(await onEmpty(fixtures, `annals_${round}`, (database) => loadAnnals(stack, database, sizes.ingest)));
  if (parts.has('ingest')) {
    loads.sameTables.push(await onEmpty(fixtures, `same_${round}`, (database) => copyIntoSameTables(stack, database, rows)));
    loads.bareTable.push(await onEmpty(fixtures, `bare_${round}`, (database) => copyIntoBareTable(stack, database, rows)));
  }
  if (parts.has('all-roles')) {
    loads.allRoles.push(await onEmpty(fixtures, `all_${round}`, (database) => loadAnnals(stack, database, sizes.ingest, 'all')));
  }
  if (parts.has('usual-way') && round <= USUAL_ROUNDS) loads.usualWay.push(await loadUsualWay(stack, sizes.usualWay, round));
}

/** Every measurement begins with nothing left to write of the one before. */
async function onEmpty<T>(
  { stack }: Fixtures,
  name: string,
  act: (database: Awaited<ReturnType<typeof emptyAnnals>>) => Promise<T>,
): Promise<T> {
  const database = await emptyAnnals(stack, name);
  try {
    await settle(database);
    return await act(database);
  } finally {
    await database.drop();
  }
}

function sectionOf({ sizes }: Fixtures, loads: Loads): Section {
  const rows = [
    loadRow('annals, append', loads.annals),
    ...some(loads.allRoles, (all) => loadRow('annals, with relay and counters', all)),
    ...some(loads.sameTables, (same) => loadRow('(a) COPY into the same tables', same)),
    ...some(loads.bareTable, (bare) => loadRow('(b) COPY into a bare table', bare)),
    ...some(loads.usualWay, (usual) =>
      loadRow('(c) Nest, class-validator, TypeORM', usual, `${sizes.usualWay.toLocaleString('en-US')} events`),
    ),
  ];
  return { title: `Ingest of ${sizes.ingest.toLocaleString('en-US')} events from Kafka into an empty database`, unit: 'events/s', rows };
}

async function figuresOf(fixtures: Fixtures, { annals, sameTables, bareTable, usualWay, allRoles }: Loads): Promise<Figures> {
  const own = medianOf(annals.map(rate));
  return {
    ingestEventsPerSecond: own,
    ingestCpuMicrosPerEvent: medianOf(annals.map(cpuPerEvent)),
    ingestRssMb: Math.max(...annals.map(({ peakMb }) => peakMb)),
    bytesPerEvent: await bytesPerEvent(fixtures),
    ...(sameTables.length > 0 && { ingestVsCopySameTables: ratioInRounds(annals, sameTables) }),
    ...(bareTable.length > 0 && { ingestVsBareCopy: ratioInRounds(annals, bareTable) }),
    ...(usualWay.length > 0 && { ingestVsNestTypeorm: own / medianOf(usualWay.map(rate)) }),
    ...(allRoles.length > 0 && {
      ingestAllRolesEventsPerSecond: medianOf(allRoles.map(rate)),
      ingestAllRolesCpuMicrosPerEvent: medianOf(allRoles.map(cpuPerEvent)),
    }),
  };
}

/** Each round against itself: what slows the machine for a while slows both. */
export function ratioInRounds(these: readonly Load[], those: readonly Load[]): number {
  return medianOf(these.map((load, round) => rate(load) / rate(those[round] ?? load)));
}

async function bytesPerEvent(fixtures: Fixtures): Promise<number> {
  const { client } = await fixtures.store();
  const { rows } = await client.query<{ bytes: string }>(
    "select sum(pg_total_relation_size(oid)) as bytes from pg_class where relnamespace = 'annals'::regnamespace and relkind = 'r'",
  );
  return Number(rows[0]?.bytes) / fixtures.sizes.ingest;
}

const rate = ({ eventsPerSecond }: Load): number => eventsPerSecond;
const some = <T, R>(list: readonly T[], make: (list: readonly T[]) => R): R[] => (list.length > 0 ? [make(list)] : []);
