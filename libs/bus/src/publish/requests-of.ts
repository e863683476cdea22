/** Below 1 MiB, the batch that a broker takes by default: one request may be one partition's batch, and what cannot be compressed stays as it is. */
const REQUEST_BYTES = 900_000;
/** Length prefixes, times and the like around each record. */
const RECORD_BYTES = 40;

interface Sized {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
}

/** The messages in as few requests as stay below a topic's limit, in order. One that is larger by itself goes alone. */
export function requestsOf<M extends Sized>(messages: readonly M[]): M[][] {
  const requests: M[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = sizeOf(message);
    if (bytes + size > REQUEST_BYTES) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(message);
    bytes += size;
  }
  return requests;
}

function sizeOf({ key, value, headers }: Sized): number {
  let size = RECORD_BYTES + lengthOf(key) + lengthOf(value);
  for (const name in headers) size += lengthOf(name) + lengthOf(headers[name] as string | Buffer);
  return size;
}

const lengthOf = (text: string | Buffer | null): number => (text === null ? 0 : Buffer.byteLength(text));
