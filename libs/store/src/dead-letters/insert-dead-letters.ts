import pg from 'pg';
import type { PlacedDeadLetter } from '../append/numbered.js';
import type { DeadLetter } from '../append/types.js';

/** What PostgreSQL refuses in text and jsonb. Names and paths come from bad records and may hold anything. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;
export const storable = (text: string): string => text.replace(UNSTORABLE, '\ufffd');

/** Years 1 to 9999. Brokers take any number for a record's time, PostgreSQL does not: a time beyond is kept as the nearest. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;
const storableMs = (ms: number): number => Math.min(Math.max(ms, FIRST_MS), LAST_MS);

/** Raw bytes in one statement of literals: each becomes two characters, and a text is copied some times on its way. */
const STATEMENT_BYTES = 1 << 20;

/**
 * Inserts what would make one statement too long, in the transaction that passes the records, and answers with the rest. What is compressed may
 * expand to dozens of megabytes: as literals of one text these would not fit the process.
 */
export async function insertApart(client: pg.ClientBase, letters: readonly PlacedDeadLetter[]): Promise<PlacedDeadLetter[]> {
  let rest: PlacedDeadLetter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = sizeOf(letter);
    if (size > STATEMENT_BYTES) {
      await client.query(insertOne(letter));
      continue;
    }
    if (bytes + size > STATEMENT_BYTES) {
      await client.query(insertDeadLetters(rest));
      [rest, bytes] = [[], 0];
    }
    rest.push(letter);
    bytes += size;
  }
  return rest;
}

const sizeOf = ({ letter: { key, value, headers } }: PlacedDeadLetter): number =>
  Object.values(headers)
    .flat()
    .reduce((sum, header) => sum + header.length, (key?.length ?? 0) + (value?.length ?? 0));

/** Statement to run in the transaction that passes the records. A record that is passed again (offsets were reset) leaves its first row as it is. */
export const insertDeadLetters = (letters: readonly PlacedDeadLetter[]): string =>
  insert(letters.map((letter) => tuple(letter, LITERALS)).join());

function insertOne(letter: PlacedDeadLetter): pg.QueryConfig {
  const values: unknown[] = [];
  const parameters: Raw = {
    bytes: (value) => `$${values.push(value)}::bytea`,
    headers: (headers) => `$${values.push(headersJson(headers))}::jsonb`,
  };
  return { text: insert(tuple(letter, parameters)), values };
}

const insert = (tuples: string): string => `insert into annals.dead_letters
    (topic, partition, "offset", topic_id, tenant_id, reason, schema_path, message, key, headers, value, record_time,
     awaited_type, awaited_version)
    values ${tuples} on conflict do nothing`;

/** How what came from the record goes into the statement. */
interface Raw {
  bytes(value: Buffer | null): string;
  headers(headers: DeadLetter['headers']): string;
}

function tuple({ topic, partition, offset, topicId, letter }: PlacedDeadLetter, raw: Raw): string {
  const { rejection, tenantId, awaits, key, headers, value, recordTimeMs } = letter;
  const columns = [
    text(topic),
    partition,
    offset,
    text(topicId),
    tenantId === null ? 'null' : `${text(tenantId)}::uuid`,
    text(rejection.reason),
    text(rejection.schemaPath),
    text(rejection.message),
    raw.bytes(key),
    raw.headers(headers),
    raw.bytes(value),
    `to_timestamp(${storableMs(recordTimeMs)} / 1000.0)`,
    awaits ? text(awaits.name) : 'null',
    awaits ? awaits.version : 'null::int',
  ];
  return `(${columns.join()})`;
}

const text = (value: string): string => pg.escapeLiteral(storable(value));
const headersJson = (headers: DeadLetter['headers']): string =>
  JSON.stringify(Object.fromEntries(Object.entries(headers).map(([name, value]) => [storable(name), value])));

const LITERALS: Raw = {
  bytes: (value) => (value === null ? 'null' : `'\\x${value.toString('hex')}'::bytea`),
  headers: (headers) => `${text(headersJson(headers))}::jsonb`,
};
