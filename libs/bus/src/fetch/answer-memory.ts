/** An answer of this size or less is no burden to the collector: it is kept as it came. */
const SMALL = 64 * 1024;
/** Beyond what a fetch asks for, an answer also tells of every partition. */
const MARGIN = 256 * 1024;
/** As many as the queues of all lanes and the groups in hand hold, when every answer is full. */
const MOST_FREE = 12;

/** Bytes of one answer that several holders share. */
export interface HeldAnswer {
  readonly bytes: Buffer;
  /** One holder more; what it gets it calls once it never reads the bytes again. Never calling it costs memory, calling it early costs data. */
  hold(): () => void;
}

/**
 * Memory for fetched answers that is used again. An answer lives until its last record is committed, which is long enough for the
 * collector to take it for permanent: answers were two thirds of what made it mark the whole heap (docs/decisions).
 */
export class AnswerMemory {
  private readonly free: Buffer[] = [];
  private readonly slabs = new WeakMap<ArrayBufferLike, Buffer>();

  constructor(private readonly fetchBytes: number) {}

  /** Room for an answer of so many bytes. None for a small one, nor for one larger than was asked for. */
  roomFor(bytes: number): Buffer | undefined {
    const room = this.fetchBytes + MARGIN;
    if (bytes <= SMALL || bytes > room) return undefined;
    const slab = this.free.pop() ?? Buffer.allocUnsafeSlow(room);
    this.slabs.set(slab.buffer, slab);
    return slab.subarray(0, bytes);
  }

  /** Whatever has no room of this memory stays where it is. */
  keep(answer: Buffer): HeldAnswer {
    const slab = this.slabs.get(answer.buffer);
    if (slab === undefined) return { bytes: answer, hold: () => () => undefined };
    let holders = 0;
    const letGo = (): void => {
      if (--holders === 0 && this.free.length < MOST_FREE) this.free.push(slab);
    };
    return { bytes: answer, hold: () => (holders++, once(letGo)) };
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
