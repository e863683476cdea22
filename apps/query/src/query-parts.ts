import type { HealthRegistry, Logger, Peer, SealedText } from '#libs/service';
import type { Database, QueryStore } from '#libs/store';
import type { Registry } from 'prom-client';
import type { TokenVerifier } from './auth/token-verifier.js';
import type { TenantWakes } from './live/tenant-wakes.js';
import type { Publisher } from './publish/publisher.js';

/** What the routes stand on, made once in `main.ts` (or by a test). */
export interface QueryParts {
  readonly store: QueryStore;
  /** Role `app`: schema annals_app, one tenant a transaction (`inTenant`). No right on the log. */
  readonly app: Database;
  /** What hand-made entries leave by. */
  readonly publisher: Publisher;
  /** Tells when a tenant's log has grown. */
  readonly wakes: TenantWakes;
  readonly verifyToken: TokenVerifier;
  readonly sealed: SealedText;
  readonly health: HealthRegistry;
  readonly metrics: Registry;
  readonly peers: readonly Peer[];
  readonly logger: Logger;
}

export const QUERY_PARTS = Symbol('QueryParts');
