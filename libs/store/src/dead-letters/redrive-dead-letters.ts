import type pg from 'pg';
import type { AwaitedVersion, Rejection } from '#libs/contracts';
import { contentsOfKnown, lockRequest, newMonths } from '../append/append-batch.js';
import { decide } from '../append/decide.js';
import { lock } from '../append/lock.js';
import { tailStatements, wakeStatements } from '../append/tail-statements.js';
import type { DeadLetter, PreparedEvent, Slice } from '../append/types.js';
import { writeUnnest } from '../append/write-unnest.js';
import type { Database } from '../connect/open-database.js';
import { storable } from './insert-dead-letters.js';
import { ALL_COLUMNS, toDeadLetter, whereSelected, type WholeRow } from './select-dead-letters.js';
import type { DeadLetterSelection, StoredDeadLetter } from './types.js';

/** What a fresh look at the record makes of it. */
export type Redecoded =
  | { readonly outcome: 'event'; readonly prepared: PreparedEvent }
  | { readonly outcome: 'dead'; readonly rejection: Rejection; readonly tenantId: string | null; readonly awaits?: AwaitedVersion | null }
  | { readonly outcome: 'tombstone' };

export interface RedriveOutcome {
  /** Now in the log, or found there already. */
  readonly redriven: number;
  /** Still dead, for the reason that now stands in their row. */
  readonly refused: number;
}

/** Of one transaction. Values may be megabytes each: one letter at least, and no more once so many bytes are in hand. */
const [AT_ONCE, BYTES_AT_ONCE] = [250, 4 << 20];

/**
 * Sends the selected dead letters through the same append as fresh records, but for the offsets' fence. What succeeds is marked as re-driven, what
 * fails counts one attempt more and takes the new reason. Harmless twice: an event that is in the log already is a duplicate, and that is success.
 *
 * Needs the ingest role. `decode` must not wait: rows are locked meanwhile. `onProgress` is told after each transaction.
 */
export async function redriveDeadLetters(
  database: Database,
  selection: DeadLetterSelection,
  decode: (letter: StoredDeadLetter) => Redecoded,
  onProgress: (soFar: RedriveOutcome) => void = () => undefined,
): Promise<RedriveOutcome> {
  const total = { redriven: 0, refused: 0 };
  let after: StoredDeadLetter | undefined;
  do {
    const part = await inTransaction(database, (client) => redrivePart(client, selection, after, decode));
    total.redriven += part.redriven;
    total.refused += part.refused;
    after = part.last;
    if (after !== undefined) onProgress({ ...total });
  } while (after !== undefined);
  return total;
}

async function inTransaction<T>({ pool }: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function redrivePart(
  client: pg.PoolClient,
  selection: DeadLetterSelection,
  after: StoredDeadLetter | undefined,
  decode: (letter: StoredDeadLetter) => Redecoded,
): Promise<RedriveOutcome & { last: StoredDeadLetter | undefined }> {
  const letters = await takeLetters(client, selection, after);
  if (letters.length === 0) return { redriven: 0, refused: 0, last: undefined };
  const slices = letters.map((letter) => asSlice(letter, decode(letter)));
  const request = { ...lockRequest('', slices, true), slices: null };
  const locked = await lock(client, request, { partitions: new Set(), tenants: new Set() });
  const decision = decide(slices, locked, await contentsOfKnown(client, locked));
  // refused letters are in their table already
  const tail = tailStatements({ ...decision, deadLetters: [] }, locked, newMonths(decision, new Map()));
  await writeUnnest(client, decision.rows, [...tail, ...wakeStatements(decision, locked)].join(';'));
  const failed = new Map(decision.deadLetters.map((dead) => [keyOf(dead), dead.letter]));
  await settle(
    client,
    letters.map((letter) => ({ letter, failure: failed.get(keyOf(letter)) })),
  );
  return { redriven: letters.length - failed.size, refused: failed.size, last: letters.at(-1) };
}

const KEY = 'topic, partition, "offset", topic_id';

interface MeasuredRow {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly topic_id: string;
  /** Of the value. */
  readonly bytes: number;
}

/** Locks the next letters, passing over those that somebody else has re-driven meanwhile, and reads as many as may be in hand. */
async function takeLetters(
  client: pg.PoolClient,
  selection: DeadLetterSelection,
  after: StoredDeadLetter | undefined,
): Promise<StoredDeadLetter[]> {
  const { where, values } = whereSelected(selection);
  const next = values.length + 1;
  const beyond = after && ` and (${KEY}) > ($${next}, $${next + 1}, $${next + 2}, $${next + 3})`;
  const { rows: measured } = await client.query<MeasuredRow>(
    `select ${KEY}, coalesce(octet_length(value), 0) as bytes from annals.dead_letters where ${where}${beyond ?? ''}
     order by ${KEY} limit ${AT_ONCE} for update`,
    after === undefined ? values : [...values, after.topic, after.partition, String(after.offset), after.topicId],
  );
  const taken = withinBytes(measured);
  const { rows } = await client.query<WholeRow>(
    `select ${ALL_COLUMNS} from annals.dead_letters
     where (${KEY}) in (select * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[])) order by ${KEY}`,
    [
      taken.map(({ topic }) => topic),
      taken.map(({ partition }) => partition),
      taken.map(({ offset }) => offset),
      taken.map((row) => row.topic_id),
    ],
  );
  return rows.map(toDeadLetter);
}

/** The first, and those behind it until so many bytes are in hand. */
function withinBytes(rows: readonly MeasuredRow[]): readonly MeasuredRow[] {
  const taken: MeasuredRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (bytes >= BYTES_AT_ONCE) break;
    taken.push(row);
    bytes += row.bytes;
  }
  return taken;
}

function asSlice(letter: StoredDeadLetter, decoded: Redecoded): Slice {
  const { topic, topicId, partition, offset } = letter;
  const raw = { key: letter.key, value: letter.value, headers: letter.headers, recordTimeMs: letter.recordTime.getTime() };
  const record =
    decoded.outcome === 'dead'
      ? {
          offset,
          outcome: decoded.outcome,
          deadLetter: { ...raw, rejection: decoded.rejection, tenantId: decoded.tenantId, awaits: decoded.awaits ?? null },
        }
      : { offset, ...decoded, raw: () => raw };
  return { topic, topicId, partition, fetchOffset: offset, nextOffset: offset + 1n, records: [record] };
}

const keyOf = ({ topic, topicId, partition, offset }: Pick<StoredDeadLetter, 'topic' | 'topicId' | 'partition' | 'offset'>): string =>
  JSON.stringify([topic, topicId, partition, String(offset)]);

interface Settled {
  readonly letter: StoredDeadLetter;
  readonly failure: DeadLetter | undefined;
}

async function settle(client: pg.PoolClient, settled: readonly Settled[]): Promise<void> {
  const rejectionOf = ({ letter, failure }: Settled): Rejection => failure?.rejection ?? letter;
  await client.query(
    `update annals.dead_letters d set attempts = d.attempts + 1, reason = s.reason, schema_path = s.schema_path, message = s.message,
       tenant_id = s.tenant_id, awaited_type = s.awaited_type, awaited_version = s.awaited_version,
       redriven_at = case when s.is_redriven then now() end
     from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::boolean[], $10::text[], $11::int[])
       as s (topic, partition, "offset", topic_id, reason, schema_path, message, tenant_id, is_redriven, awaited_type, awaited_version)
     where d.topic = s.topic and d.partition = s.partition and d."offset" = s."offset" and d.topic_id = s.topic_id`,
    [
      settled.map(({ letter }) => letter.topic),
      settled.map(({ letter }) => letter.partition),
      settled.map(({ letter }) => String(letter.offset)),
      settled.map(({ letter }) => letter.topicId),
      settled.map((one) => rejectionOf(one).reason),
      settled.map((one) => storable(rejectionOf(one).schemaPath)),
      settled.map((one) => storable(rejectionOf(one).message)),
      settled.map(({ letter, failure }) => failure?.tenantId ?? letter.tenantId),
      settled.map(({ failure }) => failure === undefined),
      settled.map(({ failure }) => failure?.awaits?.name ?? null),
      settled.map(({ failure }) => failure?.awaits?.version ?? null),
    ],
  );
}
