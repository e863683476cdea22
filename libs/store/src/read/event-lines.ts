import type { EventRow } from './types.js';
import { isoTime } from './postgres-time.js';

const FIELD = '\x1f';
const RECORD = '\x1e';
const FIELDS = 22;

/**
 * Reads the text of `annals.event_lines`. Null: a stored text holds one of the marks, which are rare but allowed there. That never goes
 * unseen: the text begins with the number of records, and a stray mark can only add parts.
 */
export function readEventLines(lines: string, mark: string): EventRow[] | null {
  const [count, ...records] = lines.split(RECORD + mark);
  if (count === '0') return [];
  if (records.length !== Number(count)) return null;
  const split = records.map((record) => record.split(FIELD + mark));
  return split.every((fields) => fields.length === FIELDS) ? split.map(toRow) : null;
}

/** In the order in which `annals.event_lines` writes them. */
function toRow(fields: readonly string[]): EventRow {
  const text = (at: number): string => fields[at] ?? '';
  const optional = (at: number): string | null => presentText(text(at));
  const recordedAt = optional(14);
  return {
    id: text(0),
    position: text(1),
    type: text(2),
    sourceType: text(3),
    version: Number(text(4)),
    source: text(5),
    sourceId: text(6),
    occurredAt: isoTime(text(7)),
    appendedAt: isoTime(text(8)),
    recordedAt: recordedAt === null ? null : isoTime(recordedAt),
    timeQuality: text(9),
    ingestMode: text(10),
    actorType: text(11),
    actorId: text(12),
    onBehalfOf: optional(15),
    correlationId: optional(16),
    causationId: optional(17),
    traceparent: optional(18),
    entities: text(13),
    summary: optional(19),
    payload: optional(20),
    retractedAtPosition: optional(21),
  };
}

/** A plus stands before every text that is not null, so that an empty one is told from none. */
const presentText = (field: string): string | null => (field === '' ? null : field.slice(1));
