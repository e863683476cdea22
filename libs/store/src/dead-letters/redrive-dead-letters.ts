import type pg from 'pg';
import type { AwaitedVersion, Rejection } from '#libs/contracts';
import { contentsOfKnown, lockRequest, newMonths } from '../append/append-batch.js';
import { decide } from '../append/decide.js';
import { lock } from '../append/lock.js';
import { tailStatements } from '../append/tail-statements.js';
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

/** Values may be megabytes each. */
const AT_ONCE = 50;

/**
 * Sends the selected dead letters through the same append as fresh records, but for the offsets' fence. What succeeds is marked as re-driven, what
 * fails counts one attempt more and takes the new reason. Harmless twice: an event that is in the log already is a duplicate, and that is success.
 *
 * Needs the ingest role. `decode` must not wait: rows are locked meanwhile.
 */
export async function redriveDeadLetters(
  database: Database,
  selection: DeadLetterSelection,
  decode: (letter: StoredDeadLetter) => Redecoded,
): Promise<RedriveOutcome> {
  const total = { redriven: 0, refused: 0 };
  let after: StoredDeadLetter | undefined;
  do {
    const part = await inTransaction(database, (client) => redrivePart(client, selection, after, decode));
    total.redriven += part.redriven;
    total.refused += part.refused;
    after = part.last;
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
  const locked = await lock(client, '', request, { partitions: new Set(), tenants: new Set() });
  const decision = decide(slices, locked, await contentsOfKnown(client, locked));
  // refused letters are in their table already
  const tail = tailStatements('', { ...decision, deadLetters: [] }, locked, newMonths(decision, new Map()));
  await writeUnnest(client, decision.rows, tail.join(';'));
  const failed = new Map(decision.deadLetters.map((dead) => [keyOf(dead), dead.letter]));
  for (const letter of letters) await settle(client, letter, failed.get(keyOf(letter)));
  return { redriven: letters.length - failed.size, refused: failed.size, last: letters.at(-1) };
}

async function takeLetters(
  client: pg.PoolClient,
  selection: DeadLetterSelection,
  after: StoredDeadLetter | undefined,
): Promise<StoredDeadLetter[]> {
  const { where, values } = whereSelected(selection);
  const next = values.length + 1;
  const beyond = after && ` and (topic, partition, "offset", topic_id) > ($${next}, $${next + 1}, $${next + 2}, $${next + 3})`;
  const { rows } = await client.query<WholeRow>(
    `select ${ALL_COLUMNS} from annals.dead_letters where ${where}${beyond ?? ''}
     order by topic, partition, "offset", topic_id limit ${AT_ONCE} for update`,
    after === undefined ? values : [...values, after.topic, after.partition, String(after.offset), after.topicId],
  );
  return rows.map(toDeadLetter);
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

async function settle(client: pg.PoolClient, letter: StoredDeadLetter, failure: DeadLetter | undefined): Promise<void> {
  const { reason, schemaPath, message } = failure?.rejection ?? letter;
  await client.query(
    `update annals.dead_letters set attempts = attempts + 1, reason = $5, schema_path = $6, message = $7, tenant_id = $8,
       awaited_type = $10, awaited_version = $11, redriven_at = case when $9 then now() end
     where topic = $1 and partition = $2 and "offset" = $3 and topic_id = $4`,
    [
      letter.topic,
      letter.partition,
      String(letter.offset),
      letter.topicId,
      reason,
      storable(schemaPath),
      storable(message),
      failure?.tenantId ?? letter.tenantId,
      failure === undefined,
      failure?.awaits?.name ?? null,
      failure?.awaits?.version ?? null,
    ],
  );
}
