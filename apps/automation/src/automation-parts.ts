import type { Registry } from 'prom-client';
import type { OutgoingMessage } from '#libs/bus';
import type { TenantTypes } from '#libs/contracts';
import type { Logger } from '#libs/service';
import type { Database, FailingTenants } from '#libs/store';
import type { Retention } from './retention/prune.js';

/** What every job of automation stands on. */
export interface AutomationParts {
  /** Role `automation`: reads the log of every tenant, writes `annals_app`. */
  readonly database: Database;
  readonly publisher: Publisher;
  /** The built-in types and every tenant's own, in memory. */
  readonly types: TenantTypes;
  /** Whether annals.lead-score is told of backfilled events too. */
  readonly scoreFeedBackfill: boolean;
  /** Whose work fails, in any job: others go on without them. */
  readonly failing: FailingTenants;
  readonly retention: Retention;
  readonly metrics: Registry;
  readonly logger: Logger;
}

export interface Publisher {
  /** Resolves when all in-sync replicas have it; rejects when that is not known: then send it again. Topic names without prefix. */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
}
