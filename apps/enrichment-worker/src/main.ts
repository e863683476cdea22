import { BusProducer } from '#libs/bus';
import { databaseOf, kafkaConnectionOf, loadConfigOrExit, runWorker, watchPools, type Worker } from '#libs/service';
import { connectionFor, countRequests, openDatabase, poolStateOf, whenReachable } from '#libs/store';
import { enrichmentConfig } from './config.js';
import { EnrichmentMetrics } from './operation/enrichment-metrics.js';
import { datasetProvider } from './providers/dataset.js';
import { GUARD, guarded } from './providers/guarded-provider.js';
import type { EnrichmentProvider } from './providers/provider.js';
import { websiteProvider } from './providers/website.js';
import { Work } from './requests/work.js';

const config = loadConfigOrExit(enrichmentConfig);
await runWorker('enrichment-worker', config, start);

async function start({ logger, shutdown, metrics: registry, databaseIs }: Worker): Promise<void> {
  const providers = await openProviders();
  logger.info({ providers: providers.map(({ name }) => name) }, 'providers');
  const { url, poolSize } = databaseOf('ENRICHMENT', config);
  const options = { url: connectionFor(url, 'enrichment'), poolSize, applicationName: 'annals-enrichment-worker' };
  const database = await whenReachable(logger, () => openDatabase(options));
  watchPools(registry, { enrichment: () => poolStateOf(database) });
  databaseIs(() => database.pool.query('select 1'));
  shutdown.add('database', () => database.close());
  const producer = new BusProducer({ config: { ...kafkaConnectionOf(config), clientId: config.KAFKA_CLIENT_ID }, log: logger });
  shutdown.add('producer', () => producer.close());
  const work = new Work({
    database,
    publish: ({ topic, key, value, headers }) => producer.publish(config.KAFKA_TOPIC_PREFIX + topic, [{ key, value, headers }]),
    answer: { providers, attempts: config.ENRICHMENT_ATTEMPTS, now: Date.now, random: Math.random },
    metrics: new EnrichmentMetrics(registry, () => countRequests(database)),
    logger,
    retentionDays: config.ENRICHMENT_RETENTION_DAYS,
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
