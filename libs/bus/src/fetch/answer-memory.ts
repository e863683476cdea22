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
 * Keeps fetched answers in memory that is used again. An answer lives until its last record is committed, which is long enough for the
 * collector to take it for permanent: answers were two thirds of what made it mark the whole heap (docs/decisions).
 */
export class AnswerMemory {
  private readonly free: Buffer[] = [];

  constructor(private readonly fetchBytes: number) {}

  /** A copy of a large answer, or the answer itself. */
  keep(answer: Buffer): HeldAnswer {
    const room = this.fetchBytes + MARGIN;
    if (answer.length <= SMALL || answer.length > room) return { bytes: answer, hold: () => () => undefined };
    const slab = this.free.pop() ?? Buffer.allocUnsafeSlow(room);
    answer.copy(slab);
    let holders = 0;
    const letGo = (): void => {
      if (--holders === 0 && this.free.length < MOST_FREE) this.free.push(slab);
    };
    return { bytes: slab.subarray(0, answer.length), hold: () => (holders++, once(letGo)) };
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
