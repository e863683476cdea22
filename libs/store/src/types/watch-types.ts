import { TenantTypes } from '#libs/contracts';
import type { WaitLog } from '../connect/when-reachable.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { listen } from '../relay/listen.js';
import { loadTypes, loadTypesOf } from './load-types.js';
import { TYPES_CHANNEL } from './types-channel.js';

export interface WatchedTypes {
  readonly types: TenantTypes;
  /** Looks now; of one tenant, or for whatever is missing. */
  refresh(tenantId?: string): Promise<void>;
  close(): Promise<void>;
}

export interface WatchOptions {
  /** URL of a role that may read types: app, ingest, automation, admin. */
  readonly url: string;
  readonly logger: WaitLog;
  /** Called after types have become known that were not before. */
  readonly onChange?: () => void;
  /** Milliseconds between looks that nothing asked for: the net under a lost signal. */
  readonly pollMs?: number;
}

const POLL_MS = 5_000;

/**
 * Every tenant's own types in memory, read once and kept fresh: a registration in any process is known here a moment after its commit.
 * Rejects while the database is away; later failures are logged and made up for.
 */
export async function watchTypes(options: WatchOptions): Promise<WatchedTypes> {
  const database = await openDatabase({ url: options.url, poolSize: 1, applicationName: 'annals types' });
  const watch = new Watch(database, options);
  try {
    await watch.start();
  } catch (error) {
    await watch.close();
    throw error;
  }
  return watch;
}

class Watch implements WatchedTypes {
  readonly types = new TenantTypes();
  private timer: NodeJS.Timeout | undefined;
  private listener: { close(): Promise<void> } | undefined;

  constructor(
    private readonly database: Database,
    private readonly options: WatchOptions,
  ) {}

  async start(): Promise<void> {
    await loadTypes(this.database, this.types);
    this.listener = await listen(this.options.url, TYPES_CHANNEL, (tenantId) => void this.follow(tenantId ?? undefined));
    this.timer = setInterval(() => void this.follow(), this.options.pollMs ?? POLL_MS).unref();
  }

  async refresh(tenantId?: string): Promise<void> {
    if (tenantId === undefined) {
      const changed = await loadTypes(this.database, this.types);
      if (changed.length > 0) this.options.onChange?.();
      return;
    }
    const before = this.types.rows(tenantId);
    await loadTypesOf(this.database, this.types, [tenantId]);
    if (this.types.rows(tenantId) !== before) this.options.onChange?.();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.listener?.close();
    await this.database.close();
  }

  private async follow(tenantId?: string): Promise<void> {
    try {
      await this.refresh(tenantId);
    } catch (err) {
      this.options.logger.warn({ err }, 'types could not be read, trying again');
    }
  }
}
