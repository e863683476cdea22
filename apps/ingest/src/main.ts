import type { ConsumerState } from '#libs/bus';
import {
  createLogger,
  createMetrics,
  databaseOf,
  HealthRegistry,
  kafkaConnectionOf,
  loadConfigOrExit,
  Shutdown,
  startOpsServer,
  tellDegraded,
  watchPools,
} from '#libs/service';
import {
  connectionFor,
  FailingTenants,
  openDatabase,
  openIngestStore,
  poolStateOf,
  watchTypes,
  whenReachable,
  type Database,
  type OpenIngestStore,
} from '#libs/store';
import { ingestConfig, rolesOf } from './config.js';
import { consumerCheck, databaseCheck, followersCheck } from './operation/checks.js';
import { IngestMetrics } from './operation/ingest-metrics.js';
import { pauseHooks } from './pause-hooks.js';
import { laneServer, startAppend } from './start-append.js';
import { startFollowers, type Followers } from './start-followers.js';

const config = loadConfigOrExit(ingestConfig);
const logger = createLogger({ app: 'ingest', level: config.LOG_LEVEL });
const shutdown = new Shutdown({ logger });
shutdown.onSignals();

try {
  const health = new HealthRegistry('ingest');
  await start(health);
  shutdown.add('readiness', () => health.markStopping());
} catch (err) {
  logger.fatal({ err }, 'cannot start');
  await shutdown.begin('cannot start', 1);
}

/** What is asked about before it is there. */
interface Late {
  database?: Database;
  store?: OpenIngestStore;
  state?: () => ConsumerState | undefined;
  followers?: Followers;
}

async function start(health: HealthRegistry): Promise<void> {
  const roles = rolesOf(config.INGEST_ROLES);
  const bus = { ...kafkaConnectionOf(config), clientId: config.KAFKA_CLIENT_ID };
  const { url: given, poolSize } = databaseOf('INGEST', config);
  const url = connectionFor(given, 'ingest');
  const late: Late = {};

  const registry = createMetrics('ingest');
  health.add('database', databaseCheck(late));
  if (roles.includes('append')) health.add('consumer', consumerCheck(late));
  health.add('followers', followersCheck(late));
  watchPools(registry, { append: () => late.store?.poolState(), followers: () => late.database && poolStateOf(late.database) });
  const ops = await startOpsServer({ host: config.HEALTH_HOST, port: config.HEALTH_PORT, health, metrics: registry });
  shutdown.add('health', () => ops.close());
  logger.info({ roles, port: ops.port }, 'listening');

  const reach = <T>(open: () => Promise<T>) => whenReachable(logger, open);
  const opened = await reach(() => openDatabase({ url, poolSize: 3, applicationName: 'annals-ingest-followers' }));
  late.database = opened;
  shutdown.add('database', () => opened.close());
  const retentionDays = config.DEAD_LETTER_RETENTION_DAYS;
  const topicPrefix = config.KAFKA_TOPIC_PREFIX;
  const watched = await reach(() => watchTypes({ url, logger, onChange: () => late.followers?.nudgeAwaited() }));
  shutdown.add('types', () => watched.close());
  const { types } = watched;
  const failing = new FailingTenants(logger);
  tellDegraded({ health, metrics: registry }, () => failing.list());
  const followers = await reach(() =>
    startFollowers({ roles, url, database: opened, types, failing, bus, topicPrefix, retentionDays, logger }),
  );
  late.followers = followers;
  shutdown.add('followers', () => followers.stop());
  if (!roles.includes('append')) return;

  const hooks = pauseHooks(process.env);
  const store = await reach(() => openIngestStore({ url, poolSize, applicationName: 'annals-ingest', ...(hooks && { hooks }) }));
  late.store = store;
  shutdown.add('store', () => store.close());
  const server = laneServer({ store, logger }, { config, bus, onFatal: giveUp });
  late.state = () => server.state();
  const metrics = new IngestMetrics(registry, late.state);
  const app = await startAppend(server, { store, types, metrics, logger, topicPrefix, onDeadLetters: () => followers.nudgeDeadLetters() });
  shutdown.add('consumer', () => app.close());
}

function giveUp(err: Error): void {
  logger.fatal({ err }, 'ingest gives up');
  void shutdown.begin('fatal', 1);
}
