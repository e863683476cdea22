import { setTimeout as pause } from 'node:timers/promises';
import { createMetrics, databaseOf, HealthRegistry, peerCheck, peersOf, type Logger, type Shutdown } from '#libs/service';
import { connectionFor, isUnlucky, openQueryStore, type OpenQueryStore, type QueryStore } from '#libs/store';
import { createTokenVerifier } from './auth/token-verifier.js';
import type { QueryConfig } from './config.js';
import { watchPool } from './operation/watch-pool.js';
import { createSealedText } from './paging/sealed-text.js';
import type { QueryParts } from './query-parts.js';

/** A page takes a few milliseconds; what takes longer than this will not come. */
const LONGEST_READ_MS = 10_000;

/** What the routes stand on, from the configuration. Waits for a database that is away; rejects where its schema is not ours. */
export async function openParts(config: QueryConfig, logger: Logger, shutdown: Shutdown): Promise<QueryParts> {
  const database = databaseOf('QUERY', config);
  const store = await whenReachable(logger, () =>
    openQueryStore({
      url: connectionFor(database.url, 'query'),
      poolSize: database.poolSize,
      applicationName: 'annals-query',
      statementTimeoutMs: LONGEST_READ_MS,
    }),
  );
  shutdown.add('database', () => store.close());
  const metrics = createMetrics('query');
  watchPool(metrics, () => store.poolState());
  return {
    store,
    verifyToken: createTokenVerifier(config),
    sealed: createSealedText(config.CURSOR_SECRET ?? config.JWT_SECRET ?? database.url),
    health: healthOf(config, store),
    metrics,
    peers: peersOf(config),
    logger,
  };
}

function healthOf(config: QueryConfig, store: QueryStore): HealthRegistry {
  const health = new HealthRegistry('query');
  health.add('database', async () => {
    await store.ready();
    return { state: 'up' };
  });
  for (const peer of peersOf(config)) health.add(peer.name, peerCheck(peer), { timeoutMs: 3000 });
  return health;
}

const LONGEST_PAUSE_MS = 5000;

async function whenReachable(logger: Logger, open: () => Promise<OpenQueryStore>): Promise<OpenQueryStore> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await open();
    } catch (err) {
      if (!isUnlucky(err)) throw err;
      logger.warn({ err, pauseMs }, 'the database does not answer yet');
      await pause(pauseMs);
    }
  }
}
