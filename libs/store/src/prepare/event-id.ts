import { writeHex, writeLatin1 } from './bytes.js';
import { sha256Latin1 } from './sha256.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * The item id of the identity (tenant, source, source id), as 32 hex digits: 16 bytes of the SHA-256 of the three as netstrings, marked as a
 * UUIDv8 (RFC 9562). If the source id is a UUIDv7 its 48-bit time stands in front: ids that come together then lie together, and the unique
 * index stays in cache (5.5 µs instead of 25 µs an event at 20 million events). `tenantId` is a lower-case UUID.
 */
export function eventId(tenantId: string, source: string, sourceId: string): string {
  const isUuid = UUID_V7.test(sourceId);
  const last = isUuid ? `36:${sourceId},` : netstring(sourceId);
  writeLatin1(sha256Latin1(`36:${tenantId},${netstring(source)}${last}`), id, 0);
  if (isUuid) writeHex(sourceId.slice(9, 13), id, writeHex(sourceId.slice(0, 8), id, 0));
  id[6] = ((id[6] as number) & 0x0f) | 0x80;
  id[8] = ((id[8] as number) & 0x3f) | 0x80;
  return id.toString('hex', 0, 16);
}

/** Room for the whole digest. */
const id = Buffer.alloc(32);
const netstring = (text: string): string => `${Buffer.byteLength(text)}:${text},`;
