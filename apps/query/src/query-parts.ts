import type { TenantTypes } from '#libs/contracts';
import type { HealthRegistry, Logger, Peer, SealedText } from '#libs/service';
import type { Database, QueryStore } from '#libs/store';
import type { Registry } from 'prom-client';
import type { TokenVerifier } from './auth/token-verifier.js';
import type { LiveOptions } from './live/live-options.js';
import type { TenantWakes } from './live/tenant-wakes.js';
import type { Publisher } from './publish/publisher.js';

/** How long a request waits for the log, milliseconds. */
export interface Waits {
  /** A hand-made entry for its place in the log, Kafka included. */
  readonly writeMs: number;
  /** A read for the entry that its position token names. */
  readonly readMs: number;
}

/** What the routes stand on, made once in `main.ts` (or by a test). */
export interface QueryParts {
  readonly store: QueryStore;
  /** Role `app`: schema annals_app, one tenant a transaction (`inTenant`). No right on the log. */
  readonly app: Database;
  /** What hand-made entries leave by. */
  readonly publisher: Publisher;
  /** Tells when a tenant's log has grown. */
  readonly wakes: TenantWakes;
  /** How live streams behave; absent: as by default. */
  readonly live?: LiveOptions;
  readonly waits: Waits;
  /** The built-in types and every tenant's own, in memory: whoever needs a type's definition asks here, with the tenant. */
  readonly types: TenantTypes;
  /** Resolves when what the tenant has registered is known here; without waiting for it, that is a moment later. */
  readonly refreshTypes: (tenantId: string) => Promise<void>;
  readonly verifyToken: TokenVerifier;
  readonly sealed: SealedText;
  readonly health: HealthRegistry;
  readonly metrics: Registry;
  readonly peers: readonly Peer[];
  readonly logger: Logger;
}

export const QUERY_PARTS = Symbol('QueryParts');
