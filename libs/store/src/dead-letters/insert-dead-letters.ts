import pg from 'pg';
import type { PlacedDeadLetter } from '../append/numbered.js';

/** What PostgreSQL refuses in text and jsonb. Names and paths come from bad records and may hold anything. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;
export const storable = (text: string): string => text.replace(UNSTORABLE, '\ufffd');

/** Years 1 to 9999. Brokers take any number for a record's time, PostgreSQL does not: a time beyond is kept as the nearest. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;
const storableMs = (ms: number): number => Math.min(Math.max(ms, FIRST_MS), LAST_MS);

/** Statement to run in the transaction that passes the records. A record that is passed again (offsets were reset) leaves its first row as it is. */
export function insertDeadLetters(letters: readonly PlacedDeadLetter[]): string {
  return `insert into annals.dead_letters
    (topic, partition, "offset", topic_id, tenant_id, reason, schema_path, message, key, headers, value, record_time,
     awaited_type, awaited_version)
    values ${letters.map(tuple).join()} on conflict do nothing`;
}

function tuple({ topic, partition, offset, topicId, letter }: PlacedDeadLetter): string {
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
    bytes(key),
    `${text(headersJson(headers))}::jsonb`,
    bytes(value),
    `to_timestamp(${storableMs(recordTimeMs)} / 1000.0)`,
    awaits ? text(awaits.name) : 'null',
    awaits ? awaits.version : 'null::int',
  ];
  return `(${columns.join()})`;
}

const text = (value: string): string => pg.escapeLiteral(storable(value));
const bytes = (value: Buffer | null): string => (value === null ? 'null' : `'\\x${value.toString('hex')}'::bytea`);
const headersJson = (headers: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(headers).map(([name, value]) => [storable(name), value])));
