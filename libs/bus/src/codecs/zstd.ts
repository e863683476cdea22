import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { UndecodableError } from './undecodable-error.js';

const MAGIC = 0xfd2fb528;
const MAX_WINDOW = 2 ** 27;

interface WithZstd {
  zstdDecompressSync?: (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;
}

/** Zstandard: Node's own where it has one (22.15 and later), in JavaScript elsewhere. */
export function unZstd(bytes: Buffer, maxBytes: number): Buffer {
  const { zstdDecompressSync } = zlib as WithZstd;
  return zstdDecompressSync ? zstdDecompressSync(bytes, { maxOutputLength: maxBytes }) : unZstdInJs(bytes, maxBytes);
}

/** Streams, because the frame need not tell its size, and a block of 4 bytes may expand to 128 kB. */
export function unZstdInJs(bytes: Buffer, maxBytes: number): Buffer {
  refuseLargeWindow(bytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((chunk) => {
    size += chunk.length;
    if (size > maxBytes) throw new UndecodableError('expands beyond the bound');
    chunks.push(chunk);
  });
  stream.push(bytes, true);
  return Buffer.concat(chunks, size);
}

/** The window is allocated before the first byte is read, so a lie about it must cost nothing. */
function refuseLargeWindow(bytes: Buffer): void {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== MAGIC) throw new UndecodableError('bad zstd frame');
  const flags = bytes[4] as number;
  const window = flags & 0x20 ? singleSegmentSize(bytes, flags) : 2 ** (10 + ((bytes[5] as number) >> 3));
  if (window > MAX_WINDOW) throw new UndecodableError('expands beyond the bound');
}

function singleSegmentSize(bytes: Buffer, flags: number): number {
  const at = 5 + ([0, 1, 2, 4][flags & 3] as number);
  const size = [1, 2, 4, 8][flags >> 6] as number;
  if (at + size > bytes.length) throw new UndecodableError('bad zstd frame');
  return size === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, size);
}
