interface Waiter {
  readonly bytes: number;
  readonly admit: (entered: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

/** A bounded number of bytes. Who finds no room waits in line; one larger than all of it enters when it is empty. */
export class Room {
  private used = 0;
  private readonly line: Waiter[] = [];

  constructor(private readonly capacity: number) {}

  get usedBytes(): number {
    return this.used;
  }

  /** Enters at once, or not at all. */
  tryEnter(bytes: number): boolean {
    if (this.line.length > 0 || !this.fits(bytes)) return false;
    this.used += bytes;
    return true;
  }

  /** Waits in line; false when there was no room in time. */
  enter(bytes: number, patienceMs: number): Promise<boolean> {
    if (this.tryEnter(bytes)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.line.splice(this.line.indexOf(waiter), 1);
        resolve(false);
        this.admit();
      };
      const waiter: Waiter = { bytes, admit: resolve, timer: setTimeout(giveUp, patienceMs) };
      this.line.push(waiter);
    });
  }

  leave(bytes: number): void {
    this.used -= bytes;
    this.admit();
  }

  /** Sends everybody in line away. */
  close(): void {
    for (const { timer, admit } of this.line.splice(0)) {
      clearTimeout(timer);
      admit(false);
    }
  }

  private admit(): void {
    for (let next = this.line[0]; next && this.fits(next.bytes); next = this.line[0]) {
      this.line.shift();
      clearTimeout(next.timer);
      this.used += next.bytes;
      next.admit(true);
    }
  }

  private fits(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.capacity;
  }
}
