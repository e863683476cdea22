import { gunzipSync } from 'node:zlib';
import { UndecodableError } from './undecodable-error.js';
import { unLz4 } from './lz4.js';
import { unSnappy } from './snappy.js';
import { unZstd } from './zstd.js';

type Decompress = (bytes: Buffer, maxBytes: number) => Buffer;

const CODECS: Readonly<Record<number, Decompress>> = {
  1: (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes }),
  2: unSnappy,
  3: unLz4,
  4: unZstd,
};

/** The records of a batch whose attributes name compression `codec` (1–4). Throws {@link UndecodableError}, also beyond `maxBytes`. */
export function decompress(codec: number, bytes: Buffer, maxBytes: number): Buffer {
  const run = CODECS[codec];
  if (!run) throw new UndecodableError(`compression ${codec} does not exist`);
  try {
    return run(bytes, maxBytes);
  } catch (error) {
    if (error instanceof UndecodableError) throw error;
    throw new UndecodableError(describe(error));
  }
}

function describe(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'expands beyond the bound';
  return `cannot be decompressed (${typeof code === 'string' ? code : 'bad data'})`;
}
