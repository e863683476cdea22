import type pg from 'pg';
import { askForRows, type NamedRead } from './read-rows.js';
import { scopeValues } from './scope-values.js';
import type { EventRow, ReadScope } from './types.js';

const READ_EVENT: NamedRead = { name: 'annals.read_event', text: 'select annals.read_event($1, $2, $3, $4, $5)' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Null: unknown, or not for this reader. A text that is no UUID is an unknown id. */
export async function eventById(pool: pg.Pool, scope: ReadScope, id: string): Promise<EventRow | null> {
  if (!UUID.test(id)) return null;
  const { rows } = await askForRows(pool, READ_EVENT, [...scopeValues(scope), id]);
  return rows[0] ?? null;
}
