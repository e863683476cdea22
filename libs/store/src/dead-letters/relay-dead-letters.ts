import type { Database } from '../connect/open-database.js';
import { ALL_COLUMNS, toDeadLetter, type WholeRow } from './select-dead-letters.js';
import type { DeadLetterKey, StoredDeadLetter } from './types.js';

/** Dead letters whose copy has not reached the dead-letter topic, oldest first. Values may be megabytes: ask for few. */
export async function unrelayedDeadLetters({ pool }: Database, limit: number): Promise<StoredDeadLetter[]> {
  const { rows } = await pool.query<WholeRow>(
    `select ${ALL_COLUMNS} from annals.dead_letters where relayed_at is null order by received_at, topic, partition, "offset" limit $1`,
    [limit],
  );
  return rows.map(toDeadLetter);
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
