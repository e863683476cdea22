import {
  createLogger,
  createMetrics,
  databaseOf,
  HealthRegistry,
  kafkaConnectionOf,
  loadConfigOrExit,
  Shutdown,
  watchPools,
} from '#libs/service';
import { connectionFor, Leader, listenAppended, openDatabase, poolStateOf, whenReachable } from '#libs/store';
import { createTrackingLinks } from '#libs/tracking';
import { webhookConfig } from './config.js';
import { createApp } from './create-app.js';
import { openEndpoints } from './endpoints/endpoint-file.js';
import { confirmSubscription, fetchPem } from './http/reach.js';
import { joinUnmatched } from './mail/join-unmatched.js';
import { mailPublisher } from './mail/publisher.js';
import { WebhookMetrics } from './operation/webhook-metrics.js';
import { providers } from './providers/index.js';
import { TrackingOutbox } from './tracking/tracking-outbox.js';

const config = loadConfigOrExit(webhookConfig);
const logger = createLogger({ app: 'email-webhook', level: config.LOG_LEVEL });
const shutdown = new Shutdown({ logger });
shutdown.onSignals();

try {
  await start();
} catch (err) {
  logger.fatal({ err }, 'cannot start');
  await shutdown.begin('cannot start', 1);
}

async function start(): Promise<void> {
  const endpoints = await openEndpoints(config.WEBHOOKS_CONFIG, logger);
  shutdown.add('endpoints', () => endpoints.close());
  const { url: given, poolSize } = databaseOf('WEBHOOK', config);
  const url = connectionFor(given, 'webhook');
  const database = await whenReachable(logger, () => openDatabase({ url, poolSize, applicationName: 'annals-email-webhook' }));
  shutdown.add('database', () => database.close());
  const bus = { ...kafkaConnectionOf(config), clientId: config.KAFKA_CLIENT_ID };
  const publisher = mailPublisher(bus, config.KAFKA_TOPIC_PREFIX, logger);
  shutdown.add('publisher', () => publisher.close());
  const outbox = new TrackingOutbox(publisher, logger);
  shutdown.add('tracked events', () => outbox.close());

  const leader = new Leader(url, joinUnmatched(database, publisher, logger), logger);
  const listener = await whenReachable(logger, () => listenAppended(url, () => leader.nudge()));
  shutdown.add('listener', () => listener.close());
  shutdown.add('joining', () => leader.stop());
  leader.start();

  const registry = createMetrics('email-webhook');
  watchPools(registry, { webhook: () => poolStateOf(database) });
  const health = new HealthRegistry('email-webhook');
  health.add('database', async () => {
    await database.pool.query('select 1');
    return { state: 'up' };
  });
  health.add('endpoints', () => ({ state: 'up', details: { endpoints: endpoints.count } }));
  const app = await createApp({
    endpoints,
    providers: providers(fetchPem),
    database,
    publisher,
    outbox,
    links: config.TRACKING_SECRET === undefined ? undefined : createTrackingLinks(config.TRACKING_SECRET),
    confirm: confirmSubscription,
    health,
    registry,
    metrics: new WebhookMetrics(registry),
    bodyBytes: config.WEBHOOK_BODY_BYTES,
    logger,
  });
  shutdown.add('http', () => app.close());
  shutdown.add('readiness', () => health.markStopping());
  await app.listen({ port: config.WEBHOOK_PORT, host: config.WEBHOOK_HOST });
  logger.info({ url: await app.getUrl(), endpoints: endpoints.count }, 'listening');
}
