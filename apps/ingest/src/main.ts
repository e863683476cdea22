import { NestFactory } from '@nestjs/core';
import { isReady, type ConsumerState } from '#libs/bus';
import {
  createLogger,
  createMetrics,
  databaseOf,
  HealthRegistry,
  kafkaConnectionOf,
  loadConfigOrExit,
  NestLog,
  Shutdown,
  startOpsServer,
} from '#libs/service';
import { connectionFor, openIngestStore } from '#libs/store';
import { ingestConfig, rolesOf } from './config.js';
import { IngestModule } from './ingest.module.js';
import { IngestMetrics } from './operation/ingest-metrics.js';
import { pauseHooks } from './pause-hooks.js';
import { LaneServer } from './transport/lane.server.js';
import { INPUT_TOPICS } from '#libs/contracts';

const config = loadConfigOrExit(ingestConfig);
const logger = createLogger({ app: 'ingest', level: config.LOG_LEVEL });
const shutdown = new Shutdown({ logger });
shutdown.onSignals();

try {
  await start();
} catch (err) {
  logger.fatal({ err }, 'cannot start');
  await shutdown.begin('cannot start', 1);
}

async function start(): Promise<void> {
  const health = new HealthRegistry('ingest');
  const registry = createMetrics('ingest');
  const database = databaseOf('INGEST', config);
  const url = connectionFor(database.url, 'ingest');
  const ops = await startOpsServer({ host: config.HEALTH_HOST, port: config.HEALTH_PORT, health, metrics: registry });
  shutdown.add('health', () => ops.close());
  const hooks = pauseHooks(process.env);
  const store = await openIngestStore({ url, poolSize: database.poolSize, applicationName: 'annals-ingest', ...(hooks && { hooks }) });
  shutdown.add('store', () => store.close());
  const bus = { ...kafkaConnectionOf(config), clientId: config.KAFKA_CLIENT_ID };
  if (rolesOf(config.INGEST_ROLES).includes('append')) {
    const server = new LaneServer({
      config: bus,
      groupId: config.KAFKA_GROUP,
      topics: INPUT_TOPICS.map((topic) => config.KAFKA_TOPIC_PREFIX + topic),
      log: logger,
      startOffsets: (clusterId, partitions) => store.startOffsets(clusterId, partitions),
      onFatal: (err) => {
        logger.fatal({ err }, 'ingest gives up');
        void shutdown.begin('fatal', 1);
      },
    });
    health.add('consumer', () => consumerCheck(server.state()));
    const metrics = new IngestMetrics(registry, () => server.state());
    const app = await NestFactory.createMicroservice(IngestModule.of({ store, metrics, logger, topicPrefix: config.KAFKA_TOPIC_PREFIX }), {
      strategy: server,
      logger: new NestLog(logger),
      abortOnError: false,
    });
    await app.listen();
    shutdown.add('consumer', () => app.close());
  }
  shutdown.add('readiness', () => health.markStopping());
  logger.info({ roles: config.INGEST_ROLES, port: ops.port }, 'listening');
}

function consumerCheck(state: ConsumerState | undefined) {
  if (state === undefined) return { state: 'down' as const };
  const halted = state.halted.map((partition) => ({
    ...partition,
    storedOffset: String(partition.storedOffset),
    brokerStart: String(partition.brokerStart),
    brokerEnd: String(partition.brokerEnd),
  }));
  return { state: isReady(state) ? ('up' as const) : ('down' as const), details: { ...state, halted } };
}
