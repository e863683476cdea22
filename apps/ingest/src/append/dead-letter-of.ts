import type { BusRecord, UndecodableBatch } from '#libs/bus';
import type { Rejection } from '#libs/contracts';
import type { DeadLetter } from '#libs/store';

type RawRecord = Omit<DeadLetter, 'rejection' | 'tenantId'>;

/** The record as it came; header values become base64, since they need not be text. */
export function rawOf({ key, value, headers, timestampMs }: BusRecord): RawRecord {
  const encoded = Object.entries(headers).map(([name, header]) => [name, encode(header)] as const);
  return { key, value, headers: Object.fromEntries(encoded), recordTimeMs: timestampMs };
}

export function deadLetterOf(record: BusRecord, rejection: Rejection): DeadLetter {
  return { ...rawOf(record), rejection, tenantId: null };
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
