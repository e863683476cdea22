import { createLogger, loadConfigOrExit, Shutdown } from '#libs/service';
import { queryConfig } from './config.js';
import { createApp } from './create-app.js';
import { openParts } from './open-parts.js';

const config = loadConfigOrExit(queryConfig);
const logger = createLogger({ app: 'query', level: config.LOG_LEVEL });
const shutdown = new Shutdown({ logger });
shutdown.onSignals();

try {
  const parts = await openParts(config, logger, shutdown);
  const app = await createApp(parts);
  shutdown.add('http', () => app.close());
  shutdown.add('readiness', () => parts.health.markStopping());
  await app.listen({ port: config.PORT, host: config.HOST });
  logger.info({ url: await app.getUrl() }, 'listening');
} catch (err) {
  logger.fatal({ err }, 'cannot start');
  await shutdown.begin('cannot start', 1);
}
