import { readdir, readFile } from 'node:fs/promises';

/** Linux counts processor time in hundredths of a second for every reader of /proc. */
const TICK_MICROS = 10_000;

interface Stat {
  readonly ppid: number;
  /** User and system time of the process itself. */
  readonly own: number;
  /** The same of its children that have ended. */
  readonly reaped: number;
}

/** Processor time of one process, all threads, in microseconds; 0 once it has gone. */
export async function cpuMicros(pid: number): Promise<number> {
  return ((await statOf(pid))?.own ?? 0) * TICK_MICROS;
}

/** The same of a PostgreSQL server: the postmaster, its backends and workers, and those that have ended. */
export async function postgresCpuMicros(postmaster: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(statOf));
  const living = stats.filter((stat) => stat?.ppid === postmaster).reduce((sum, stat) => sum + (stat?.own ?? 0), 0);
  const itself = await statOf(postmaster);
  return (living + (itself?.own ?? 0) + (itself?.reaped ?? 0)) * TICK_MICROS;
}

/** The most memory the process has held, in MB (VmHWM); 0 once it has gone. */
export async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

async function statOf(pid: number): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // the name in brackets may hold blanks: count from behind it; see proc(5)
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number): number => fields[number - 3] ?? 0;
  return { ppid: field(4), own: field(14) + field(15), reaped: field(16) + field(17) };
}
