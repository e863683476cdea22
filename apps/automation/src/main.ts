import { BusProducer } from '#libs/bus';
import { databaseOf, kafkaConnectionOf, loadConfigOrExit, runWorker, tellDegraded, watchPools, type Worker } from '#libs/service';
import { connectionFor, FailingTenants, Leader, listenAppended, openDatabase, poolStateOf, watchTypes, whenReachable } from '#libs/store';
import type { AutomationParts } from './automation-parts.js';
import { automationConfig } from './config.js';
import { JOB_NAMES } from './job-names.js';
import { jobsOf } from './jobs.js';

const config = loadConfigOrExit(automationConfig);
await runWorker('automation', config, start);

async function start(worker: Worker): Promise<void> {
  const { logger, shutdown, metrics, databaseIs } = worker;
  const { url: given, poolSize } = databaseOf('AUTOMATION', config);
  const url = connectionFor(given, 'automation');
  const database = await whenReachable(logger, () => openDatabase({ url, poolSize, applicationName: 'annals-automation' }));
  watchPools(metrics, { automation: () => poolStateOf(database) });
  databaseIs(() => database.pool.query('select 1'));
  shutdown.add('database', () => database.close());
  const producer = new BusProducer({
    config: { ...kafkaConnectionOf(config), clientId: config.KAFKA_CLIENT_ID },
    log: logger,
    compression: 'gzip',
  });
  shutdown.add('producer', () => producer.close());
  const publisher: AutomationParts['publisher'] = {
    publish: (topic, messages) => producer.publish(config.KAFKA_TOPIC_PREFIX + topic, messages),
  };
  const watched = await whenReachable(logger, () => watchTypes({ url, logger }));
  shutdown.add('types', () => watched.close());
  const failing = new FailingTenants(logger);
  tellDegraded(worker, () => failing.list());
  const retention = {
    readDays: config.NOTIFICATION_READ_RETENTION_DAYS,
    days: config.NOTIFICATION_RETENTION_DAYS,
    effectDays: config.EFFECT_RETENTION_DAYS,
  };
  const parts = {
    database,
    publisher,
    types: watched.types,
    failing,
    scoreFeedBackfill: config.SCORE_FEED_BACKFILL,
    retention,
    metrics,
    logger,
  };
  const leaders = jobsOf(
    parts,
    JOB_NAMES.filter((name) => config.AUTOMATION_JOBS.includes(name)),
  ).map((job) => new Leader(url, job, logger));
  const nudge = (): void => leaders.forEach((leader) => leader.nudge());
  const listener = await whenReachable(logger, () => listenAppended(url, nudge));
  shutdown.add('listener', () => listener.close());
  shutdown.add('jobs', async () => void (await Promise.all(leaders.map((leader) => leader.stop()))));
  for (const leader of leaders) leader.start();
}
