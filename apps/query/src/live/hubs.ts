import { printPassingItem } from '../items/staff-item.js';
import type { QueryParts } from '../query-parts.js';
import { Hub } from './hub.js';
import { Rounds } from './rounds.js';

/** Of one tenant in one round. */
const EVENTS_AT_ONCE = 1_000;
const BYTES_AT_ONCE = 500_000;
/** Twenty busy tenants would else be read a thousand times a second, a few events each. */
const REST_MS = 20;

type HubParts = Pick<QueryParts, 'store' | 'wakes' | 'types' | 'logger'>;

interface OpenHub {
  readonly hub: Hub;
  readonly unsubscribe: () => void;
}

/** The hubs of this process: one for each tenant that somebody listens to. */
export class Hubs {
  private readonly open = new Map<string, OpenHub>();
  private readonly rounds: Rounds;

  constructor(private readonly parts: HubParts) {
    this.rounds = new Rounds((asked) => parts.store.streamRound(asked, EVENTS_AT_ONCE, BYTES_AT_ONCE), REST_MS);
  }

  /** The tenant's hub; a new one begins at `from`. */
  of(tenantId: string, from: bigint): Hub {
    const known = this.open.get(tenantId);
    if (known) return known.hub;
    const { wakes, types, logger } = this.parts;
    const hub = new Hub({
      from,
      print: (row) => printPassingItem({ types, tenantId }, row),
      read: (after) => this.rounds.read(tenantId, after),
      onFailure: (err) => logger.warn({ err }, 'live feed cannot read the log, trying again'),
    });
    this.open.set(tenantId, { hub, unsubscribe: wakes.subscribe(tenantId, () => hub.wake()) });
    return hub;
  }

  /** Looks for lost signals, and lets go of tenants that nobody listens to. */
  tick(nowMs: number, pollMs: number): void {
    for (const [tenantId, { hub, unsubscribe }] of this.open) {
      hub.tick(nowMs, pollMs);
      if (hub.size > 0) continue;
      unsubscribe();
      this.open.delete(tenantId);
    }
  }

  close(): void {
    for (const { unsubscribe } of this.open.values()) unsubscribe();
    this.open.clear();
  }
}
