import type { ActivityEvent } from '../event.js';
import { parseTime } from '../rfc3339.js';
import type { AttributeName, Envelope } from './envelope.js';
import { Refused } from './refused.js';

/** How far ahead of our clock an event may say it happened, milliseconds. Planned moments belong in the payload. */
const MAX_AHEAD_MS = 86_400_000;

export type Occurred = Pick<ActivityEvent, 'occurredAt' | 'timeQuality'>;

/** The producer's time, or the record's if it gave none. */
export function readOccurred(envelope: Envelope, recordMs: number, nowMs: number): Occurred | Refused {
  const time = envelope.time ?? null;
  const occurredAt = time === null ? recordTime(recordMs) : typeof time === 'string' ? parseTime(time) : undefined;
  if (occurredAt === undefined) return refuseTime(envelope, 'time');
  if (occurredAt > BigInt(Math.trunc(nowMs + MAX_AHEAD_MS)) * 1000n) {
    return new Refused('future_time', envelope.places.attribute('time'), 'more than 24 h ahead');
  }
  return { occurredAt, timeQuality: time === null ? 'record' : 'producer' };
}

export function readRecorded(envelope: Envelope): bigint | null | Refused {
  const time = envelope.recordedtime ?? null;
  if (time === null) return null;
  return (typeof time === 'string' ? parseTime(time) : undefined) ?? refuseTime(envelope, 'recordedtime');
}

/** Kafka stamps -1 where a record has no time. */
function recordTime(recordMs: number): bigint | undefined {
  return Number.isSafeInteger(recordMs) && recordMs >= 0 ? BigInt(recordMs) * 1000n : undefined;
}

function refuseTime(envelope: Envelope, name: AttributeName): Refused {
  return new Refused('bad_time', envelope.places.attribute(name), 'must be an RFC 3339 time with offset');
}
