import { sha256Half } from './sha256.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * The item id of the identity (tenant, source, source id): 16 bytes of the SHA-256 of the three as netstrings, marked as a UUIDv8 (RFC 9562).
 * If the source id is a UUIDv7 its 48-bit time stands in front: ids that come together then lie together, and the unique index stays in cache
 * (5.5 µs instead of 25 µs an event at 20 million events).
 */
export function eventId(tenantId: string, source: string, sourceId: string): Buffer {
  const id = sha256Half(netstring(tenantId) + netstring(source) + netstring(sourceId));
  if (UUID_V7.test(sourceId)) id.write(sourceId.slice(0, 8) + sourceId.slice(9, 13), 0, 6, 'hex');
  id[6] = ((id[6] as number) & 0x0f) | 0x80;
  id[8] = ((id[8] as number) & 0x3f) | 0x80;
  return id;
}

const netstring = (text: string): string => `${Buffer.byteLength(text)}:${text},`;
