import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { HealthRegistry } from '../health/health-registry.js';
import { startOpsServer } from '../http/ops-server.js';
import { createLogger } from '../log/create-logger.js';
import type { LogLevel } from '../log/levels.js';
import { createMetrics } from '../metrics/create-metrics.js';
import { Shutdown } from '../shutdown/shutdown.js';

/** What a process that serves no other HTTP stands on. */
export interface Worker {
  readonly logger: Logger;
  readonly shutdown: Shutdown;
  readonly health: HealthRegistry;
  readonly metrics: Registry;
  /** The database is reached; until then the worker answers, and is not ready. `ping` rejects while it is away. */
  readonly databaseIs: (ping: () => Promise<unknown>) => void;
}

interface WorkerConfig {
  readonly LOG_LEVEL: LogLevel;
  readonly HEALTH_HOST: string;
  readonly HEALTH_PORT: number;
}

/**
 * Runs a worker until it is told to stop: health and metrics are served first, so that an orchestrator sees it wait for its database.
 * What `start` rejects with is logged, and the process leaves with code 1.
 */
export async function runWorker(app: string, config: WorkerConfig, start: (worker: Worker) => Promise<void>): Promise<void> {
  const logger = createLogger({ app, level: config.LOG_LEVEL });
  const shutdown = new Shutdown({ logger });
  shutdown.onSignals();
  try {
    const health = new HealthRegistry(app);
    let ping: (() => Promise<unknown>) | undefined;
    health.add('database', async () => {
      if (!ping) return { state: 'down', details: 'not reached yet' };
      await ping();
      return { state: 'up' };
    });
    const metrics = createMetrics(app);
    const ops = await startOpsServer({ host: config.HEALTH_HOST, port: config.HEALTH_PORT, health, metrics });
    shutdown.add('health', () => ops.close());
    logger.info({ port: ops.port }, 'listening');
    await start({ logger, shutdown, health, metrics, databaseIs: (given) => void (ping = given) });
    shutdown.add('readiness', () => health.markStopping());
  } catch (err) {
    logger.fatal({ err }, 'cannot start');
    await shutdown.begin('cannot start', 1);
  }
}
