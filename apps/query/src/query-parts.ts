import type { HealthRegistry, Logger, Peer } from '#libs/service';
import type { QueryStore } from '#libs/store';
import type { Registry } from 'prom-client';
import type { TokenVerifier } from './auth/token-verifier.js';
import type { SealedText } from './paging/sealed-text.js';

/** What the routes stand on, made once in `main.ts` (or by a test). */
export interface QueryParts {
  readonly store: QueryStore;
  readonly verifyToken: TokenVerifier;
  readonly sealed: SealedText;
  readonly health: HealthRegistry;
  readonly metrics: Registry;
  readonly peers: readonly Peer[];
  readonly logger: Logger;
}

export const QUERY_PARTS = Symbol('QueryParts');
