import type { Database } from '../connect/open-database.js';
import { SUMMARY_COLUMNS, toSummary, type SummaryRow } from './select-dead-letters.js';
import type { DeadLetterKey, UnrelayedDeadLetter } from './types.js';

/** The topic of copies takes 8 MB a record; what was compressed may be larger, and is copied without its bytes. */
const LARGEST_COPY = 7 << 20;
/** Of all copies that are asked for at once. */
const COPIES_BYTES = 8 << 20;

interface WaitingRow extends SummaryRow {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly left_out_bytes: number | null;
}

const ORDER = 'received_at, topic, partition, "offset"';
const WAITING = `
  with waiting as (
    select *, coalesce(octet_length(key), 0) + coalesce(octet_length(value), 0) as bytes
    from annals.dead_letters where relayed_at is null order by ${ORDER} limit $1),
  copies as (select *, bytes <= ${LARGEST_COPY} as fits from waiting),
  counted as (select *, sum(bytes) filter (where fits) over (order by ${ORDER} rows unbounded preceding) as so_far from copies)
  select ${SUMMARY_COLUMNS}, case when fits then key end as key, case when fits then value end as value,
         case when not fits then bytes end as left_out_bytes
  from counted where coalesce(so_far, 0) <= ${COPIES_BYTES} order by ${ORDER}`;

/** Dead letters whose copy has not reached the dead-letter topic, oldest first: at least one, and some megabytes at most. */
export async function unrelayedDeadLetters({ pool }: Database, limit: number): Promise<UnrelayedDeadLetter[]> {
  const { rows } = await pool.query<WaitingRow>(WAITING, [limit]);
  return rows.map((row) => ({ ...toSummary(row), key: row.key, value: row.value, leftOutBytes: row.left_out_bytes }));
}

/** After the broker has acknowledged the copies. Marking twice changes nothing. */
export async function markRelayed({ pool }: Database, keys: readonly DeadLetterKey[]): Promise<void> {
  await pool.query(
    `update annals.dead_letters d set relayed_at = now()
     from unnest($1::text[], $2::int[], $3::bigint[], $4::text[]) as k (topic, partition, "offset", topic_id)
     where (d.topic, d.partition, d."offset", d.topic_id) = (k.topic, k.partition, k."offset", k.topic_id) and d.relayed_at is null`,
    [keys.map((key) => key.topic), keys.map((key) => key.partition), keys.map((key) => String(key.offset)), keys.map((key) => key.topicId)],
  );
}
