import {
  createMetrics,
  createSealedText,
  databaseOf,
  HealthRegistry,
  kafkaConnectionOf,
  peerCheck,
  peersOf,
  type Logger,
  watchPools,
  type Shutdown,
} from '#libs/service';
import {
  connectionFor,
  listenAppended,
  openDatabase,
  openQueryStore,
  poolStateOf,
  watchTypes,
  whenReachable,
  type Database,
  type QueryStore,
} from '#libs/store';
import { createTokenVerifier } from './auth/token-verifier.js';
import type { QueryConfig } from './config.js';
import { LIVE_DEFAULTS, type LiveOptions } from './live/live-options.js';
import { TenantWakes } from './live/tenant-wakes.js';
import { busPublisher } from './publish/bus-publisher.js';
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
  const app = await openAppDatabase(config, logger);
  shutdown.add('app database', () => app.close());
  const wakes = new TenantWakes();
  const listener = await whenReachable(logger, () => listenAppended(connectionFor(database.url, 'query'), (wake) => wakes.wake(wake)));
  shutdown.add('listener', () => listener.close());
  const watched = await whenReachable(logger, () => watchTypes({ url: connectionFor(databaseOf('APP', config).url, 'app'), logger }));
  shutdown.add('types', () => watched.close());
  const bus = { ...kafkaConnectionOf(config), clientId: config.KAFKA_CLIENT_ID };
  const publisher = busPublisher(bus, config.KAFKA_TOPIC_PREFIX, logger);
  shutdown.add('publisher', () => publisher.close());
  const metrics = createMetrics('query');
  watchPools(metrics, { query: () => store.poolState(), app: () => poolStateOf(app) });
  return {
    store,
    app,
    publisher,
    wakes,
    waits: { writeMs: config.QUERY_WRITE_WAIT_MS, readMs: config.QUERY_READ_WAIT_MS },
    types: watched.types,
    refreshTypes: (tenantId) => watched.refresh(tenantId),
    live: liveOptionsOf(config),
    verifyToken: createTokenVerifier(config),
    sealed: createSealedText(config.CURSOR_SECRET ?? config.JWT_SECRET ?? database.url, 'annals page cursor'),
    health: healthOf(config, store),
    metrics,
    peers: peersOf(config),
    logger,
  };
}

function liveOptionsOf(config: QueryConfig): LiveOptions {
  return {
    ...LIVE_DEFAULTS,
    maxClients: config.STREAM_MAX_CLIENTS,
    heartbeatMs: config.STREAM_HEARTBEAT_SECONDS * 1000,
    bufferBytes: config.STREAM_BUFFER_BYTES,
    stallMs: config.STREAM_STALL_SECONDS * 1000,
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

function openAppDatabase(config: QueryConfig, logger: Logger): Promise<Database> {
  const { url, poolSize } = databaseOf('APP', config);
  return whenReachable(logger, () =>
    openDatabase({ url: connectionFor(url, 'app'), poolSize, applicationName: 'annals-query-app', statementTimeoutMs: LONGEST_READ_MS }),
  );
}
