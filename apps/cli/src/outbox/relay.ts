import { setTimeout as sleep } from 'node:timers/promises';
import { publishFailure, type BusProducer, type TopicBatch } from '#libs/bus';
import { isUnlucky, openOutbox, type HeldOutbox, type OutboxRow } from '#libs/store';
import { Failure } from '../failure.js';

export interface RelayOptions {
  readonly databaseUrl: string;
  readonly table: string;
  readonly topicPrefix: string;
  /** Rows of one batch. */
  readonly batch: number;
  /** Looks so often while there is nothing, milliseconds. */
  readonly everyMs: number;
  /** End when there is nothing left; otherwise go on until the signal. */
  readonly once: boolean;
  /** Ends it after the batch in hand. */
  readonly signal: AbortSignal;
  readonly producer: Pick<BusProducer, 'publishBatches'>;
  readonly print: (line: string) => void;
}

/** Below the size of a batch that a broker takes by default, 1 MiB. */
const BATCH_BYTES = 900_000;
const RETRY_MS = 2_000;
const SAY_EVERY_MS = 10_000;

/** Publishes what stands in an outbox, in order, and deletes it once Kafka has it. Resolves with how many rows that were. */
export async function relayOutbox(options: RelayOptions): Promise<number> {
  const tally = new Tally(options.print);
  for (let isDone = false; !isDone && !options.signal.aborted;) {
    try {
      const outbox = await openOutbox(options.databaseUrl, options.table);
      if (outbox) isDone = await relayHeld(outbox, options, tally);
      else if (options.once) throw new Failure('Another relay is at work on this outbox.');
      else await waitFor(options, 'Another relay is at work on this outbox: waiting to take over.', tally);
    } catch (error) {
      if (options.once || !isUnlucky(error)) throw explained(error, options.table);
      await waitFor(options, 'The database does not answer: trying again.', tally);
    }
  }
  tally.say();
  return tally.total;
}

/** True when there is nothing left to do. */
async function relayHeld(outbox: HeldOutbox, options: RelayOptions, tally: Tally): Promise<boolean> {
  if (!options.once) options.print(`Relaying ${options.table}.`);
  try {
    while (!options.signal.aborted) {
      const rows = await outbox.take(options.batch, BATCH_BYTES);
      if (rows.length === 0) {
        if (options.once) return true;
        await pause(options.everyMs, options.signal);
      } else if (await isPublished(rows, options, tally)) {
        await outbox.remove(rows);
        tally.add(rows);
      }
    }
    return true;
  } finally {
    await outbox.close().catch(() => undefined);
  }
}

/** False: not now. A process that is killed here publishes the rows again: they have the ids they had, and annals stores them once. */
async function isPublished(rows: readonly OutboxRow[], options: RelayOptions, tally: Tally): Promise<boolean> {
  try {
    await options.producer.publishBatches(batchesOf(rows, options.topicPrefix));
    return true;
  } catch (error) {
    const { outlook, reason } = publishFailure(error);
    if (outlook !== 'later') throw new Failure(`Kafka refuses what the outbox holds from row ${rows[0]?.id} on: ${reason}.`);
    if (options.once)
      throw new Failure(`Kafka did not take the rows${reason === undefined ? '' : ` (${reason})`}: they stay in the outbox.`);
    await waitFor(options, `Kafka did not take the rows${reason === undefined ? '' : ` (${reason})`}: trying again.`, tally);
    return false;
  }
}

function batchesOf(rows: readonly OutboxRow[], prefix: string): TopicBatch[] {
  const batches = new Map<string, TopicBatch['messages'][number][]>();
  for (const { topic, key, headers, value, madeMs } of rows) {
    const messages = batches.get(topic) ?? [];
    batches.set(topic, messages);
    messages.push({ key, headers, value, timestamp: String(madeMs) });
  }
  return [...batches].map(([topic, messages]) => ({ topic: prefix + topic, messages }));
}

async function waitFor({ signal }: RelayOptions, why: string, tally: Tally): Promise<void> {
  tally.trouble(why);
  await pause(RETRY_MS, signal);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

const UNDEFINED_TABLE = '42P01';

function explained(error: unknown, table: string): unknown {
  if ((error as { code?: unknown } | null)?.code !== UNDEFINED_TABLE) return error;
  return new Failure(`There is no table ${table}: annals outbox-relay --print-sql prints what makes it.`);
}

/** Says how it goes, not more often than every ten seconds, and each trouble once. */
class Tally {
  total = 0;
  private said = 0;
  private oldestMs = 0;
  private nextAt = 0;
  private lastTrouble: string | undefined;

  constructor(private readonly print: (line: string) => void) {}

  add(rows: readonly OutboxRow[]): void {
    this.total += rows.length;
    this.oldestMs = Math.max(this.oldestMs, Date.now() - (rows[0]?.madeMs ?? Date.now()));
    this.lastTrouble = undefined;
    if (Date.now() >= this.nextAt) this.say();
  }

  trouble(why: string): void {
    if (why !== this.lastTrouble) this.print(why);
    this.lastTrouble = why;
  }

  say(): void {
    this.nextAt = Date.now() + SAY_EVERY_MS;
    if (this.total === this.said) return;
    this.print(`${this.total - this.said} relayed, the oldest after ${(this.oldestMs / 1000).toFixed(1)} s; ${this.total} in all`);
    this.said = this.total;
    this.oldestMs = 0;
  }
}
