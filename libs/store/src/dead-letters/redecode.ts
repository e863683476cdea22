import { decodeRecord, type HeaderValue, type TypeRegistry } from '#libs/contracts';
import { prepareEvent } from '../prepare/prepare-event.js';
import type { Redecoded } from './redrive-dead-letters.js';
import type { StoredDeadLetter } from './types.js';

export interface RedecodeOptions {
  readonly topicPrefix: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** The types known; the built-in ones if left out. */
  readonly registry?: TypeRegistry;
}

/** A fresh look at a dead letter with today's types and rules, as ingest looks at a record. */
export function redecode(letter: StoredDeadLetter, { topicPrefix, ...options }: RedecodeOptions): Redecoded {
  const { reason, schemaPath, message, tenantId } = letter;
  // its value is a batch of the wire, not a record
  if (reason === 'undecodable_batch') return { outcome: 'dead', rejection: { reason, schemaPath, message }, tenantId };
  const record = {
    topic: plainName(letter.topic, topicPrefix),
    value: letter.value,
    headers: headersOf(letter),
    timestampMs: letter.recordTime.getTime(),
  };
  const decoded = decodeRecord(record, options);
  switch (decoded.outcome) {
    case 'accepted':
      return { outcome: 'event', prepared: prepareEvent(decoded.event) };
    case 'tombstone':
      return { outcome: 'tombstone' };
    case 'rejected':
      return { outcome: 'dead', rejection: decoded.rejection, tenantId: decoded.tenantId ?? tenantId, awaits: decoded.awaits };
  }
}

const plainName = (topic: string, prefix: string): string => (topic.startsWith(prefix) ? topic.slice(prefix.length) : topic);

function headersOf({ headers }: StoredDeadLetter): Record<string, HeaderValue> {
  const bytes = (value: string): Buffer => Buffer.from(value, 'base64');
  const decoded = Object.entries(headers).map(
    ([name, value]) => [name, typeof value === 'string' ? bytes(value) : value.map(bytes)] as const,
  );
  return Object.fromEntries(decoded);
}
