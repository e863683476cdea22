import { Agent, get, type IncomingMessage } from 'node:http';

/** What the parent asks for. */
export interface ReadersWish {
  readonly streams: readonly { readonly url: string; readonly headers: Readonly<Record<string, string>> }[];
  /** Every so manyth stream is read entry by entry, the others only counted: to read all would measure the reader. */
  readonly sampleEvery: number;
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ReadersResult {
  /** Read entry by entry. */
  readonly entries: number;
  /** By all streams. */
  readonly bytes: number;
  readonly sincePublished: Latency;
  /** The part of it that came after the entry was numbered in its append, before that was committed. */
  readonly sinceAppended: Latency;
}

/** What the parent is told: when all are open, and on `report`. */
export type ReadersWord = { readonly word: 'open' } | ({ readonly word: 'result' } & ReadersResult);

const STAMP = Buffer.from('"occurredAt":"');
const STAMP_LENGTH = 27;
/** From the first letter of one stamp to that of the next. */
const NEXT_STAMP = STAMP_LENGTH + '","appendedAt":"'.length;
const OPENED_AT_ONCE = 50;

const agent = new Agent({ keepAlive: false });
let measuring = false;
let bytes = 0;
let sincePublished: number[] = [];
let sinceAppended: number[] = [];

function follow(response: IncomingMessage, sampled: boolean): void {
  response.on('data', (chunk: Buffer) => {
    if (!measuring) return;
    bytes += chunk.length;
    if (sampled) sample(chunk);
  });
}

/** A stamp that is cut in two by the end of a chunk is left out. */
function sample(chunk: Buffer): void {
  const now = Date.now();
  for (let at = chunk.indexOf(STAMP); at >= 0; at = chunk.indexOf(STAMP, at + 1)) {
    const stamps = at + STAMP.length;
    if (stamps + NEXT_STAMP + STAMP_LENGTH > chunk.length) return;
    sincePublished.push(now - timeAt(chunk, stamps));
    sinceAppended.push(now - timeAt(chunk, stamps + NEXT_STAMP));
  }
}

const timeAt = (chunk: Buffer, at: number): number => Date.parse(chunk.toString('latin1', at, at + STAMP_LENGTH));

function open({ url, headers }: ReadersWish['streams'][number], sampled: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`a stream answered ${response.statusCode}`));
      follow(response, sampled);
      response.once('close', () => process.exit(1));
      response.once('data', () => resolve());
    });
    request.on('error', reject);
  });
}

async function openAll({ streams, sampleEvery }: ReadersWish): Promise<void> {
  for (let i = 0; i < streams.length; i += OPENED_AT_ONCE)
    await Promise.all(streams.slice(i, i + OPENED_AT_ONCE).map((stream, n) => open(stream, (i + n) % sampleEvery === 0)));
  tell({ word: 'open' });
}

function report(): void {
  measuring = false;
  tell({
    word: 'result',
    entries: sincePublished.length,
    bytes,
    sincePublished: latencyOf(sincePublished),
    sinceAppended: latencyOf(sinceAppended),
  });
  [bytes, sincePublished, sinceAppended] = [0, [], []];
}

function latencyOf(times: readonly number[]): Latency {
  const sorted = Float64Array.from(times).sort();
  const quantile = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
}

const tell = (word: ReadersWord): void => void process.send?.(word);

process.on('message', (message: ReadersWish | 'measure' | 'report') => {
  if (message === 'measure') measuring = true;
  else if (message === 'report') report();
  else
    openAll(message).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    });
});
process.on('disconnect', () => process.exit(0));
