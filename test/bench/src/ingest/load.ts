import { setTimeout as pause } from 'node:timers/promises';
import type { BenchDatabase } from '../stack/databases.js';
import { cpuMicros, postgresCpuMicros } from '../measure/process-usage.js';
import { spreadOf } from '../measure/spread.js';
import type { Row } from '../report/print.js';

/** How fast events went in, and what that cost. Processor time is Node's and PostgreSQL's, not Kafka's. */
export interface Load {
  readonly eventsPerSecond: number;
  readonly nodeMicros: number;
  readonly postgresMicros: number;
}

export interface Watched {
  readonly database: BenchDatabase;
  readonly postgresPid: number;
  readonly nodePid: number;
  /** `count`: how many events are in. Of several jobs that of the slowest; `begun` is that of the first then. */
  readonly countSql: string;
  /** Measured until so many are in. */
  readonly target: number;
}

/** To look costs PostgreSQL something, which is counted: often only where the moment matters. */
const [POLL_MS, FAR_FROM_DONE_MS] = [40, 200];
const PATIENCE_MS = 180_000;

interface Progress {
  readonly begun: number;
  readonly count: number;
}

interface Sample extends Progress {
  readonly atMs: number;
  readonly node: number;
  readonly postgres: number;
}

/**
 * Measures from the first events that are seen in to the last, of several jobs from the first job's first to the slowest's last. Events
 * that were in at the first look do not count, so neither start-up nor joining the group does.
 */
export async function watchLoad(watched: Watched): Promise<Load> {
  const before = await progressOf(watched);
  const first = await sampleWhen(watched, ({ begun }) => begun > before.begun);
  await sampleWhen(watched, ({ count }) => count >= watched.target - (watched.target - first.begun) / 10, FAR_FROM_DONE_MS);
  const last = await sampleWhen(watched, ({ count }) => count >= watched.target);
  return loadBetween(first, last);
}

/** Measures one act of PostgreSQL's alone. */
export async function measureAct(postgresPid: number, events: number, act: () => Promise<unknown>): Promise<Load> {
  const sample = async (count: number): Promise<Sample> => ({
    ...{ begun: count, count, node: 0, postgres: await postgresCpuMicros(postgresPid), atMs: performance.now() },
  });
  const first = await sample(0);
  await act();
  return loadBetween(first, await sample(events));
}

export function loadRow(what: string, loads: readonly Load[], note?: string): Row {
  const node = spreadOf(loads.map(({ nodeMicros }) => nodeMicros)).median;
  const postgres = spreadOf(loads.map(({ postgresMicros }) => postgresMicros)).median;
  const shares = `node ${node.toFixed(1)} + postgres ${postgres.toFixed(1)} µs`;
  return {
    what,
    rate: spreadOf(loads.map(({ eventsPerSecond }) => eventsPerSecond)),
    cpu: spreadOf(loads.map(cpuPerEvent)),
    note: note === undefined ? shares : `${shares}; ${note}`,
  };
}

export const cpuPerEvent = ({ nodeMicros, postgresMicros }: Load): number => nodeMicros + postgresMicros;

function loadBetween(first: Sample, last: Sample): Load {
  const events = last.count - first.begun;
  return {
    eventsPerSecond: events / ((last.atMs - first.atMs) / 1000),
    nodeMicros: (last.node - first.node) / events,
    postgresMicros: (last.postgres - first.postgres) / events,
  };
}

async function sampleWhen(watched: Watched, enough: (progress: Progress) => boolean, pollMs = POLL_MS): Promise<Sample> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const progress = await progressOf(watched);
    const atMs = performance.now();
    if (enough(progress))
      return { ...progress, atMs, node: await cpuMicros(watched.nodePid), postgres: await postgresCpuMicros(watched.postgresPid) };
    if (Date.now() > deadline) throw new Error(`only ${progress.count} of ${watched.target} events came in within ${PATIENCE_MS / 1000} s`);
    await pause(pollMs);
  }
}

async function progressOf({ database, countSql }: Watched): Promise<Progress> {
  const { rows } = await database.client.query<{ count: string; begun?: string }>(countSql);
  const count = Number(rows[0]?.count ?? 0);
  return { count, begun: Number(rows[0]?.begun ?? count) };
}
