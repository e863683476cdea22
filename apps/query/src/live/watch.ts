import type { TenantWakes } from './tenant-wakes.js';

/** A wake that got lost (the one listening connection was being made anew) costs no more than this. */
const LONGEST_SLEEP_MS = 500;

/** Waits for a tenant's log to grow. What happens between two calls of `next` is not missed; close it, or it is never forgotten. */
export class Watch {
  private woken = false;
  private wakeUp: () => void = () => undefined;
  private readonly unsubscribe: () => void;

  constructor(wakes: TenantWakes, tenantId: string) {
    this.unsubscribe = wakes.subscribe(tenantId, () => {
      this.woken = true;
      this.wakeUp();
    });
  }

  /** Resolves when the log has grown since the last call, or after `timeoutMs`, or without cause. */
  async next(timeoutMs: number): Promise<void> {
    if (!this.woken) await this.sleep(Math.min(timeoutMs, LONGEST_SLEEP_MS));
    this.woken = false;
  }

  close(): void {
    this.unsubscribe();
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * Looks until there is something to see, at most `timeoutMs`; the last look is after that. Looks once at least. `null`: not seen.
 */
export async function lookUntil<T>(watch: Watch, timeoutMs: number, look: () => Promise<T | null>): Promise<T | null> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const left = deadline - Date.now();
    const seen = await look();
    if (seen !== null || left <= 0) return seen;
    await watch.next(left);
  }
}
