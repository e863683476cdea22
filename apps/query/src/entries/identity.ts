import { createHash, randomBytes } from 'node:crypto';
import { itemId } from '#libs/store';
import type { Principal } from '../auth/principal.js';

/** CloudEvents source of everything that is written through this API. */
export const MANAGE_SOURCE = '/annals/manage';

export interface EntryIdentity {
  readonly sourceId: string;
  /** The id under which the entry will be read. */
  readonly id: string;
}

/**
 * Who an entry is. With an idempotency key it follows from tenant, caller and key, so that a repeat names the same entry;
 * without one it is new, a UUIDv7.
 */
export function identityOf({ tenantId, kind, userId }: Principal, key: string | undefined, nowMs: number): EntryIdentity {
  const sourceId = key === undefined ? uuidV7(nowMs) : `key-${digestOf(JSON.stringify([kind, userId, key]))}`;
  return { sourceId, id: itemId(tenantId, MANAGE_SOURCE, sourceId) };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** RFC 9562 § 5.7: 48 bits of milliseconds, the rest random. */
function uuidV7(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
