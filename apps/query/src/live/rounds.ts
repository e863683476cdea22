import type { FeedAfter, FeedPage } from '#libs/store';

interface Waiting extends FeedAfter {
  readonly resolve: (page: FeedPage) => void;
  readonly reject: (error: unknown) => void;
}

/** What one round may hold is bounded by this. */
const MOST_AT_ONCE = 20;

/**
 * Reads of many tenants' feeds in rounds: what is asked for while one is under way, or within `restMs` of its beginning, is one round trip.
 * The first to ask is not kept waiting.
 */
export class Rounds {
  private readonly waiting: Waiting[] = [];
  private reading = false;
  private resting: NodeJS.Timeout | undefined;
  private lastBegunMs = 0;

  /** `readAll` answers in the order asked. */
  constructor(
    private readonly readAll: (asked: readonly FeedAfter[]) => Promise<readonly FeedPage[]>,
    private readonly restMs: number,
  ) {}

  read(tenantId: string, after: bigint): Promise<FeedPage> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ tenantId, after, resolve, reject });
      this.begin();
    });
  }

  private begin(): void {
    if (this.reading || this.resting || this.waiting.length === 0) return;
    const restMs = Math.min(this.restMs, this.lastBegunMs + this.restMs - Date.now());
    if (restMs <= 0 || this.waiting.length >= MOST_AT_ONCE) void this.round();
    else this.resting = setTimeout(() => void this.round(), restMs).unref();
  }

  private async round(): Promise<void> {
    const asked = this.waiting.splice(0, MOST_AT_ONCE);
    this.resting = undefined;
    this.reading = true;
    this.lastBegunMs = Date.now();
    try {
      const pages = await this.readAll(asked);
      for (const [n, { resolve, reject }] of asked.entries()) {
        const page = pages[n];
        if (page) resolve(page);
        else reject(new Error('a feed was not answered'));
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    } finally {
      this.reading = false;
    }
    this.begin();
  }
}
