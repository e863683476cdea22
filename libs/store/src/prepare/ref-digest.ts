import { sha256Half } from './sha256.js';

type Digests = Map<string, Map<string, Buffer>>;

/** Digests of one generation; two are kept, so this bounds memory at a few megabytes. */
const GENERATION = 20_000;
let recent: Digests = new Map();
let older: Digests = new Map();
let recentSize = 0;

/**
 * `annals.ref(type, id)`: the first 16 bytes of SHA-256 of type/id. The result is shared: never write to it.
 * Entities come back often, so digests are remembered; what was not asked for during a whole generation is forgotten.
 */
export function refDigest(type: string, id: string): Buffer {
  return recent.get(type)?.get(id) ?? remember(type, id);
}

function remember(type: string, id: string): Buffer {
  const digest = older.get(type)?.get(id) ?? sha256Half(`${type}/${id}`);
  if (recentSize >= GENERATION) {
    older = recent;
    recent = new Map();
    recentSize = 0;
  }
  const ofType = recent.get(type);
  if (ofType === undefined) recent.set(type, new Map([[id, digest]]));
  else ofType.set(id, digest);
  recentSize++;
  return digest;
}
