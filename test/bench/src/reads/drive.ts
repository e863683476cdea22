import { Agent, get, type IncomingMessage } from 'node:http';
import autocannon from 'autocannon';
import { cpuMicros, postgresCpuMicros } from '../measure/process-usage.js';
import { medianOf, spreadOf } from '../measure/spread.js';
import type { Row } from '../report/print.js';

/** Something that answers pages: its process, and one address that is asked again and again. */
export interface Target {
  readonly name: string;
  readonly nodePid: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How fast a target answers under load. Processor time is the target's and PostgreSQL's, not the caller's. */
export interface Answered {
  readonly requestsPerSecond: number;
  readonly cpuMicros: number;
  readonly bytes: number;
}

const CONNECTIONS = 8;

/** Asks over 8 connections at once. Throws when one answer is not 200. */
export async function drive(target: Target, postgresPid: number, seconds: number): Promise<Answered> {
  const used = async (): Promise<number> => (await cpuMicros(target.nodePid)) + (await postgresCpuMicros(postgresPid));
  const before = await used();
  const { url, headers } = target;
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: seconds });
  const after = await used();
  const answers = result['2xx'];
  if (result.non2xx > 0 || result.errors > 0 || answers === 0)
    throw new Error(`${target.name}: ${result.non2xx} refused, ${result.errors} failed`);
  return {
    requestsPerSecond: answers / result.duration,
    cpuMicros: (after - before) / answers,
    bytes: result.throughput.total / answers,
  };
}

export function answeredRow(name: string, answered: readonly Answered[]): Row {
  return {
    what: name,
    rate: spreadOf(answered.map(({ requestsPerSecond }) => requestsPerSecond)),
    cpu: spreadOf(answered.map(({ cpuMicros: micros }) => micros)),
    note: `${(medianOf(answered.map(({ bytes }) => bytes)) / 1000).toFixed(1)} kB`,
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

export interface Timed {
  readonly ms: number;
  readonly body: string;
}

/** One request over the one connection that is kept open. Throws when the answer is not 200. */
export function timedGet({ name, url, headers }: Target): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const read = (response: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const ms = performance.now() - began;
        const body = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve({ ms, body });
        else reject(new Error(`${name}: ${response.statusCode} ${body.slice(0, 500)}`));
      });
    };
    get(url, { agent, headers }, read).on('error', reject);
  });
}

/** Asks the targets in turn, one request at a time, and gives the times of each in milliseconds, without those of the warm-up. */
export async function timeInTurn(targets: readonly Target[], rounds: number): Promise<number[][]> {
  const times = targets.map((): number[] => []);
  const warmUp = Math.ceil(rounds / 5);
  for (let round = -warmUp; round < rounds; round++)
    for (const [i, target] of targets.entries()) {
      const { ms } = await timedGet(target);
      if (round >= 0) times[i]?.push(ms);
    }
  return times;
}

export function timesRow(name: string, milliseconds: readonly number[]): Row {
  return { what: name, rate: spreadOf(milliseconds) };
}
