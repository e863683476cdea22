import { NestFactory } from '@nestjs/core';
import type { BusConfig } from '#libs/bus';
import { compileRules, INPUT_TOPICS } from '#libs/contracts';
import { NestLog } from '#libs/service';
import type { IngestConfig } from './config.js';
import { IngestModule } from './ingest.module.js';
import type { IngestParts } from './ingest-parts.js';
import { LaneServer } from './transport/lane.server.js';

export interface AppendOptions {
  readonly config: IngestConfig;
  readonly bus: BusConfig;
  readonly onFatal: (error: Error) => void;
}

/** The batch transport; it does nothing before {@link startAppend}. */
export function laneServer({ store, logger }: Pick<IngestParts, 'store' | 'logger'>, { config, bus, onFatal }: AppendOptions) {
  const sessionTimeoutMs = config.KAFKA_SESSION_TIMEOUT_MS;
  return new LaneServer({
    config: bus,
    groupId: config.KAFKA_GROUP,
    topics: INPUT_TOPICS.map((topic) => config.KAFKA_TOPIC_PREFIX + topic),
    log: logger,
    startOffsets: (clusterId, partitions) => store.startOffsets(clusterId, partitions),
    onFatal,
    tuning: { sessionTimeoutMs, heartbeatMs: Math.min(3_000, Math.floor(sessionTimeoutMs / 4)) },
  });
}

/** Kafka to log through Nest. Closing it finishes or rolls back the batches under way. */
export async function startAppend(server: LaneServer<unknown>, parts: IngestParts): Promise<{ close(): Promise<void> }> {
  compileRules();
  const options = { strategy: server, logger: new NestLog(parts.logger), abortOnError: false };
  const app = await NestFactory.createMicroservice(IngestModule.of(parts), options);
  await app.listen();
  return app;
}
