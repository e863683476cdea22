import { BusProducer } from '#libs/bus';
import { createLogger, kafkaConnectionOf, loadConfigOrExit, Shutdown } from '#libs/service';
import { demoConfig } from './config.js';
import { tellHistory, tellOn, type Telling } from './publish.js';

const config = loadConfigOrExit(demoConfig);
const logger = createLogger({ app: 'demo', level: config.LOG_LEVEL });
const shutdown = new Shutdown({ logger });
shutdown.onSignals();

const producer = new BusProducer({ config: { ...kafkaConnectionOf(config), clientId: 'annals-demo' }, log: logger });
const leaving = new AbortController();
const telling: Telling = { producer, topicPrefix: config.KAFKA_TOPIC_PREFIX, logger, signal: leaving.signal };
const startedAt = new Date();
const told = tellHistory(config.DEMO_FILE, config.DEMO_SEED, startedAt, telling).then(() =>
  tellOn(config.DEMO_SEED, startedAt, config.DEMO_EVENTS_PER_SECOND, telling),
);
shutdown.add('producer', () => producer.close());
shutdown.add('story', () => {
  leaving.abort();
  return told.catch(() => undefined);
});

try {
  await told;
} catch (err) {
  logger.fatal({ err }, 'the story cannot be told');
  await shutdown.begin('failed', 1);
}
