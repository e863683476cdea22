import type { BusRecord, UndecodableBatch } from '#libs/bus';
import type { Decoded, Rejection } from '#libs/contracts';
import type { DeadLetter } from '#libs/store';

type Rejected = Extract<Decoded, { outcome: 'rejected' }>;
type RawRecord = Omit<DeadLetter, 'rejection' | 'tenantId' | 'awaits'>;

/** The record as it came; header values become base64, since they need not be text. */
export function rawOf({ key, value, headers, timestampMs }: BusRecord): RawRecord {
  const encoded = Object.entries(headers).map(([name, header]) => [name, encode(header)] as const);
  return { key, value, headers: Object.fromEntries(encoded), recordTimeMs: timestampMs };
}

export function deadLetterOf(record: BusRecord, { rejection, tenantId, awaits }: Rejected): DeadLetter {
  return { ...rawOf(record), rejection, tenantId, awaits };
}

/** A whole batch whose records nobody can read stands as one dead letter, at its first offset. */
export function undecodableDeadLetter({ raw, timestampMs, message }: UndecodableBatch): DeadLetter {
  const rejection: Rejection = { reason: 'undecodable_batch', schemaPath: '', message };
  return { rejection, tenantId: null, key: null, value: raw, headers: {}, recordTimeMs: timestampMs };
}

function encode(header: Buffer | readonly Buffer[] | undefined): string | string[] {
  if (header === undefined) return '';
  return Buffer.isBuffer(header) ? header.toString('base64') : header.map((value) => value.toString('base64'));
}
