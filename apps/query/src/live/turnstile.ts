/**
 * Lets so many pass at once and the rest wait their turn: when all clients come back at once after a restart, what they missed is read
 * without starving the pages of everybody else.
 */
export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.most) await new Promise<void>((resolve) => void this.waiting.push(resolve));
    else this.inside++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // whoever goes in next takes the place of the one that leaves
      if (next) next();
      else this.inside--;
    }
  }
}
