import { sha256Half } from './sha256.js';

/** Entries of one generation; two are kept, so this bounds memory at a few megabytes. */
const GENERATION = 20_000;
let recent = new Map<string, Buffer>();
let older = new Map<string, Buffer>();

/**
 * `annals.ref(type, id)`: the first 16 bytes of SHA-256 of type/id. The result is shared: never write to it.
 * Entities come back often, so digests are remembered; what was not asked for during a whole generation is forgotten.
 */
export function refDigest(type: string, id: string): Buffer {
  const key = `${type}/${id}`;
  const known = recent.get(key);
  if (known !== undefined) return known;
  const digest = older.get(key) ?? sha256Half(key);
  if (recent.size >= GENERATION) {
    older = recent;
    recent = new Map();
  }
  recent.set(key, digest);
  return digest;
}
