import { copyBack } from './snappy.js';
import { UndecodableError } from './undecodable-error.js';

const MAGIC = 0x184d2204;
const STORED = 0x80000000;
const BLOCK_SIZES: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 };

/** One LZ4 frame. Checksums are not verified: Kafka's batch carries its own. lz4js trusts lengths and misplaces block checksums. */
export function unLz4(from: Buffer, maxBytes: number): Buffer {
  if (from.length < 7 || from.readUInt32LE(0) !== MAGIC) throw new UndecodableError('bad lz4 frame');
  const flags = from[4] as number;
  const blockSize = BLOCK_SIZES[((from[5] as number) >> 4) & 7];
  if (flags >> 6 !== 1 || blockSize === undefined) throw new UndecodableError('bad lz4 frame');
  const blocksAt = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  const output = new Output(Math.min(maxBytes, Math.max(blockSize, from.length * 4)), maxBytes);
  for (let at = blocksAt; ;) {
    const header = at + 4 <= from.length ? from.readUInt32LE(at) : -1;
    at += 4;
    if (header === 0) return output.bytes();
    const size = header % STORED;
    if (header < 0 || at + size > from.length) throw new UndecodableError('lz4 frame ends early');
    if (header >= STORED) output.literal(from, at, size);
    else unBlock(from.subarray(at, at + size), output);
    at += size + (flags & 16 ? 4 : 0);
  }
}

function unBlock(from: Buffer, output: Output): void {
  let at = 0;
  const extended = (first: number): number => {
    let length = first;
    for (let byte = 255; first === 15 && byte === 255; length += byte) {
      if (at >= from.length) throw new UndecodableError('lz4 block ends early');
      byte = from[at++] as number;
    }
    return length;
  };
  while (at < from.length) {
    const token = from[at++] as number;
    const literals = extended(token >> 4);
    if (at + literals > from.length) throw new UndecodableError('lz4 block ends early');
    output.literal(from, at, literals);
    at += literals;
    if (at === from.length) return;
    if (at + 2 > from.length) throw new UndecodableError('lz4 block ends early');
    const distance = from.readUInt16LE(at);
    at += 2;
    output.repeat(distance, extended(token & 15) + 4);
  }
}

/** Grows up to the bound; blocks may refer to what earlier blocks wrote. */
class Output {
  private to: Buffer;
  private filled = 0;

  constructor(
    size: number,
    private readonly maxBytes: number,
  ) {
    this.to = Buffer.allocUnsafe(size);
  }

  literal(from: Buffer, at: number, size: number): void {
    this.reserve(size);
    from.copy(this.to, this.filled, at, at + size);
    this.filled += size;
  }

  repeat(distance: number, size: number): void {
    this.reserve(size);
    copyBack(this.to, this.filled, distance, size);
    this.filled += size;
  }

  bytes(): Buffer {
    return this.to.subarray(0, this.filled);
  }

  private reserve(size: number): void {
    const needed = this.filled + size;
    if (needed > this.maxBytes) throw new UndecodableError('expands beyond the bound');
    if (needed <= this.to.length) return;
    const grown = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(needed, this.to.length * 2)));
    this.to.copy(grown, 0, 0, this.filled);
    this.to = grown;
  }
}
