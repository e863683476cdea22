import type pg from 'pg';
import type { BinaryCopy } from './binary-copy.js';
import { queryWithCopyData } from './copy-query.js';
import { EVENT_COLUMNS, writeEventRow } from './event-columns.js';
import type { NumberedEvent } from './numbered.js';
import { TIMELINE_COLUMNS, writeTimelineRows } from './timeline-columns.js';

const COPY = `copy annals.events (${EVENT_COLUMNS}) from stdin (format binary);copy annals.timeline (${TIMELINE_COLUMNS}) from stdin (format binary)`;

/** Writes the rows and runs `tail`, all in one round trip. Refused by PostgreSQL for a role under row-level security: then `writeUnnest`. */
export async function writeCopy(client: pg.ClientBase, rows: readonly NumberedEvent[], tail: string, copy: BinaryCopy): Promise<void> {
  if (rows.length === 0) {
    await client.query(tail);
    return;
  }
  copy.restart();
  copy.beginCopy();
  for (const row of rows) writeEventRow(copy, row);
  copy.endCopy();
  copy.beginCopy();
  for (const row of rows) writeTimelineRows(copy, row);
  copy.endCopy();
  await queryWithCopyData(client, `${COPY};${tail}`, copy.messages);
}
