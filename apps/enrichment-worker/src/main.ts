import { BusProducer } from '#libs/bus';
import {
  createLogger,
  createMetrics,
  databaseOf,
  HealthRegistry,
  kafkaConnectionOf,
  loadConfigOrExit,
  Shutdown,
  startOpsServer,
} from '#libs/service';
import { connectionFor, countRequests, openDatabase, whenReachable, type Database } from '#libs/store';
import { enrichmentConfig } from './config.js';
import { EnrichmentMetrics } from './operation/enrichment-metrics.js';
import { datasetProvider } from './providers/dataset.js';
import { GUARD, guarded } from './providers/guarded-provider.js';
import type { EnrichmentProvider } from './providers/provider.js';
import { websiteProvider } from './providers/website.js';
import { Work } from './requests/work.js';

const config = loadConfigOrExit(enrichmentConfig);
const logger = createLogger({ app: 'enrichment-worker', level: config.LOG_LEVEL });
const shutdown = new Shutdown({ logger });
shutdown.onSignals();

try {
  const health = new HealthRegistry('enrichment-worker');
  await start(health);
  shutdown.add('readiness', () => health.markStopping());
} catch (err) {
  logger.fatal({ err }, 'cannot start');
  await shutdown.begin('cannot start', 1);
}

async function start(health: HealthRegistry): Promise<void> {
  const late: { database?: Database } = {};
  health.add('database', async () => {
    if (!late.database) return { state: 'down', details: 'not reached yet' };
    await late.database.pool.query('select 1');
    return { state: 'up' };
  });
  const providers = await openProviders();
  const registry = createMetrics('enrichment-worker');
  const ops = await startOpsServer({ host: config.HEALTH_HOST, port: config.HEALTH_PORT, health, metrics: registry });
  shutdown.add('health', () => ops.close());
  logger.info({ port: ops.port, providers: providers.map(({ name }) => name) }, 'listening');

  const { url, poolSize } = databaseOf('ENRICHMENT', config);
  const options = { url: connectionFor(url, 'enrichment'), poolSize, applicationName: 'annals-enrichment-worker' };
  const database = await whenReachable(logger, () => openDatabase(options));
  late.database = database;
  shutdown.add('database', () => database.close());
  const producer = new BusProducer({ config: { ...kafkaConnectionOf(config), clientId: config.KAFKA_CLIENT_ID }, log: logger });
  shutdown.add('producer', () => producer.close());
  const work = new Work({
    database,
    publish: ({ topic, key, value, headers }) => producer.publish(config.KAFKA_TOPIC_PREFIX + topic, [{ key, value, headers }]),
    answer: { providers, attempts: config.ENRICHMENT_ATTEMPTS, now: Date.now, random: Math.random },
    metrics: new EnrichmentMetrics(registry, () => countRequests(database)),
    logger,
    leaseMs: 60_000 + config.ENRICHMENT_TIMEOUT_MS,
  });
  shutdown.add('work', () => work.stop());
  work.start();
}

async function openProviders(): Promise<EnrichmentProvider[]> {
  const { ENRICHMENT_DATASET: file, ENRICHMENT_TIMEOUT_MS: timeoutMs, ENRICHMENT_PER_SECOND: perSecond } = config;
  const dataset = file === undefined ? [] : [await datasetProvider(file)];
  const website = config.ENRICHMENT_WEBSITES ? [guarded(websiteProvider(), { ...GUARD, timeoutMs, perSecond })] : [];
  return [...dataset, ...website];
}
