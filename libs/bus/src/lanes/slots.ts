/** A place among the groups in hand; giving it back twice does nothing. */
export type GiveBack = () => void;

/**
 * Bounds how many groups of all lanes are prepared or committed at once. Each holds its decoded records alive: with a
 * group of every lane in hand, copying survivors was the largest cost of all (docs/decisions).
 */
export class Slots {
  private readonly waiting: ((giveBack: GiveBack) => void)[] = [];

  constructor(private free: number) {}

  /** First come, first served. */
  take(): Promise<GiveBack> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.serve();
    });
  }

  private serve(): void {
    while (this.free > 0) {
      const next = this.waiting.shift();
      if (!next) return;
      this.free--;
      next(this.giveBackOnce());
    }
  }

  private giveBackOnce(): GiveBack {
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.free++;
      this.serve();
    };
  }
}
