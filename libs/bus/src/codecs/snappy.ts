import { UndecodableError } from './undecodable-error.js';

const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER = 16;

/** Snappy, plain or in the framing of snappy-java that Kafka's clients write. */
export function unSnappy(bytes: Buffer, maxBytes: number): Buffer {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return unSnappyBlock(bytes, maxBytes);
  const blocks: Buffer[] = [];
  let left = maxBytes;
  for (let at = XERIAL_HEADER; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : 0;
    at += 4;
    if (length === 0 || at + length > bytes.length) throw new UndecodableError('bad snappy framing');
    const block = unSnappyBlock(bytes.subarray(at, at + length), left);
    blocks.push(block);
    left -= block.length;
    at += length;
  }
  return blocks.length === 1 && blocks[0] ? blocks[0] : Buffer.concat(blocks);
}

// snappyjs reads lengths as signed and may run backwards for ever on hostile bytes
function unSnappyBlock(from: Buffer, maxBytes: number): Buffer {
  const { length, at: start } = uncompressedLength(from);
  if (length > maxBytes) throw new UndecodableError('expands beyond the bound');
  const to = Buffer.allocUnsafe(length);
  let at = start;
  let filled = 0;
  while (at < from.length) {
    const tag = from[at++] as number;
    const isLiteral = (tag & 3) === 0;
    const extra = isLiteral ? Math.max(0, (tag >>> 2) - 59) : ([0, 1, 2, 4][tag & 3] as number);
    if (at + extra > from.length) throw new UndecodableError('bad snappy data');
    const operand = extra === 0 ? 0 : from.readUIntLE(at, extra);
    at += extra;
    const size = isLiteral ? (extra === 0 ? tag >>> 2 : operand) + 1 : (tag & 3) === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
    if (filled + size > length) throw new UndecodableError('bad snappy data');
    if (isLiteral) {
      if (at + size > from.length) throw new UndecodableError('bad snappy data');
      from.copy(to, filled, at, at + size);
      at += size;
    } else copyBack(to, filled, (tag & 3) === 1 ? operand + ((tag >>> 5) << 8) : operand, size);
    filled += size;
  }
  if (filled !== length) throw new UndecodableError('bad snappy data');
  return to;
}

function uncompressedLength(from: Buffer): { length: number; at: number } {
  let length = 0;
  for (let at = 0; at < 5 && at < from.length; at++) {
    const byte = from[at] as number;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, at: at + 1 };
  }
  throw new UndecodableError('bad snappy data');
}

/** Repeats `size` bytes from `distance` back; they may overlap what is being written. */
export function copyBack(bytes: Buffer, at: number, distance: number, size: number): void {
  if (distance === 0 || distance > at) throw new UndecodableError('match before the beginning');
  if (distance >= size) bytes.copyWithin(at, at - distance, at - distance + size);
  else for (let i = at; i < at + size; i++) bytes[i] = bytes[i - distance] as number;
}
