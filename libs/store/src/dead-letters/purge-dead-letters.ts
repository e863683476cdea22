import type { Database } from '../connect/open-database.js';
import { whereSelected } from './select-dead-letters.js';
import type { DeadLetterSelection } from './types.js';

/** Deletes what is selected, for good. Returns how many. */
export async function purgeDeadLetters({ pool }: Database, selection: DeadLetterSelection): Promise<number> {
  const { where, values } = whereSelected(selection);
  return (await pool.query(`delete from annals.dead_letters where ${where}`, values)).rowCount ?? 0;
}

/** Their retention: deletes what was received more than `days` ago, re-driven or not, unless its copy still waits for the dead-letter topic. */
export async function purgeExpired({ pool }: Database, days: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from annals.dead_letters where received_at < now() - make_interval(days => $1) and (relayed_at is not null or redriven_at is not null)`,
    [days],
  );
  return rowCount ?? 0;
}
