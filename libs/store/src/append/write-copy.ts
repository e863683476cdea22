import type pg from 'pg';
import { EncodedRows } from '../prepare/encoded-rows.js';
import { EVENT_COLUMNS } from '../prepare/event-columns.js';
import { TIMELINE_COLUMNS } from '../prepare/timeline-columns.js';
import { CopyData } from './copy-data.js';
import { queryWithCopyData } from './copy-query.js';
import type { NumberedEvent } from './numbered.js';
import { inKeyOrder } from './timeline-order.js';
import type { EncodedEvent } from './types.js';

const COPY = `copy annals.events (${EVENT_COLUMNS}) from stdin (format binary);copy annals.timeline (${TIMELINE_COLUMNS}) from stdin (format binary)`;

/** Writes the rows and runs `tail`, all in one round trip. Refused by PostgreSQL for a role under row-level security: then `writeUnnest`. */
export async function writeCopy(client: pg.ClientBase, rows: readonly NumberedEvent[], tail: string): Promise<void> {
  if (rows.length === 0) {
    await client.query(tail);
    return;
  }
  await queryWithCopyData(client, `${COPY};${tail}`, copyData(placed(rows)));
}

function copyData(events: readonly EncodedEvent[]): readonly Buffer[] {
  const data = new CopyData();
  data.begin();
  for (const { rows, eventFrom, eventTo } of events) data.row(rows.events.buffer, eventFrom, eventTo);
  data.end();
  data.begin();
  inKeyOrder(events, data);
  data.end();
  return data.pieces;
}

/** With what was decided; all of them among the same rows. */
function placed(rows: readonly NumberedEvent[]): readonly EncodedEvent[] {
  const common = rows[0]?.prepared.encoded?.rows;
  const own = rows.every(({ prepared }) => prepared.encoded !== null && prepared.encoded.rows === common) ? undefined : new EncodedRows();
  return rows.map((row) => {
    const { position, appendedAt, prepared } = row;
    const encoded = own === undefined ? (prepared.encoded as EncodedEvent) : own.add(row.event(), row, row);
    encoded.place(position, appendedAt);
    return encoded;
  });
}
