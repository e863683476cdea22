import type { Database } from '../connect/open-database.js';
import {
  ALL_COLUMNS,
  SUMMARY_COLUMNS,
  toDeadLetter,
  toSummary,
  whereSelected,
  type SummaryRow,
  type WholeRow,
} from './select-dead-letters.js';
import type { DeadLetterKey, DeadLetterSelection, DeadLetterSummary, StoredDeadLetter } from './types.js';

/** Newest first, without their bytes. */
export async function listDeadLetters({ pool }: Database, selection: DeadLetterSelection, limit: number): Promise<DeadLetterSummary[]> {
  const { where, values } = whereSelected(selection);
  const { rows } = await pool.query<SummaryRow>(
    `select ${SUMMARY_COLUMNS} from annals.dead_letters where ${where}
     order by received_at desc, topic, partition, "offset" desc limit $${values.length + 1}`,
    [...values, limit],
  );
  return rows.map(toSummary);
}

/** One dead letter whole; null: there is none. */
export async function showDeadLetter(
  { pool }: Database,
  key: Omit<DeadLetterKey, 'topicId'> & { topicId?: string },
): Promise<StoredDeadLetter | null> {
  const { where, values } = whereSelected({ ...key, redriven: true });
  const { rows } = await pool.query<WholeRow>(
    `select ${ALL_COLUMNS} from annals.dead_letters where ${where} order by received_at desc limit 1`,
    values,
  );
  return rows[0] === undefined ? null : toDeadLetter(rows[0]);
}
