import { BusProducer } from '#libs/bus';
import { databaseOf, kafkaConnectionOf, loadConfigOrExit, runWorker, tellDegraded, watchPools, type Worker } from '#libs/service';
import {
  connectionFor,
  countEnrollments,
  FailingTenants,
  Leader,
  listenAppended,
  openDatabase,
  poolStateOf,
  watchTypes,
  whenReachable,
} from '#libs/store';
import { createTrackingLinks } from '#libs/tracking';
import { sequenceConfig } from './config.js';
import type { EngineParts } from './engine-parts.js';
import { DefinitionBook } from './follow/definition-book.js';
import { logFollower } from './follow/follow-log.js';
import { openMailer } from './mail/mailer.js';
import { EngineMetrics } from './operation/engine-metrics.js';
import { outboxRelay } from './outbox/relay-outbox.js';
import { remind } from './steps/remind.js';
import { sendEmails, settleLapsed } from './steps/send-emails.js';
import { Work } from './steps/work.js';

const config = loadConfigOrExit(sequenceConfig);
await runWorker('sequence-engine', config, start);

async function start(worker: Worker): Promise<void> {
  const { logger, shutdown, metrics: registry, databaseIs } = worker;
  const { url: given, poolSize } = databaseOf('SEQUENCES', config);
  const url = connectionFor(given, 'sequences');
  const database = await whenReachable(logger, () => openDatabase({ url, poolSize, applicationName: 'annals-sequence-engine' }));
  watchPools(registry, { sequences: () => poolStateOf(database) });
  databaseIs(() => database.pool.query('select 1'));
  shutdown.add('database', () => database.close());
  const watched = await whenReachable(logger, () => watchTypes({ url, logger }));
  shutdown.add('types', () => watched.close());
  const metrics = new EngineMetrics(registry, () => countEnrollments(database));
  const failing = new FailingTenants(logger);
  tellDegraded(worker, () => failing.list());
  const parts = { database, types: watched.types, book: new DefinitionBook(), failing, now: Date.now, metrics };
  await startJobs(worker, parts, url);
  startWork(worker, parts);
}

/** What one instance of all does. */
async function startJobs({ logger, shutdown }: Worker, parts: EngineParts, url: string): Promise<void> {
  const producer = new BusProducer({ config: { ...kafkaConnectionOf(config), clientId: config.KAFKA_CLIENT_ID }, log: logger });
  shutdown.add('producer', () => producer.close());
  const relay = outboxRelay(parts.database, {
    publish: (topic, records) => producer.publish(config.KAFKA_TOPIC_PREFIX + topic, records),
  });
  const follower = new Leader(url, logFollower(parts), logger);
  const leaders = [follower, new Leader(url, relay, logger)];
  const listener = await whenReachable(logger, () => listenAppended(url, () => follower.nudge()));
  shutdown.add('listener', () => listener.close());
  shutdown.add('jobs', async () => void (await Promise.all(leaders.map((leader) => leader.stop()))));
  for (const leader of leaders) leader.start();
}

/** What all instances share. */
function startWork(worker: Worker, parts: EngineParts): void {
  const { logger, shutdown } = worker;
  const works = [
    new Work('reminders', () => remind(parts), logger),
    new Work('lapsed', () => settleLapsed(parts), logger),
    ...emailWork(worker, parts),
  ];
  shutdown.add('work', async () => void (await Promise.all(works.map((work) => work.stop()))));
  for (const work of works) work.start();
}

function emailWork({ logger, shutdown }: Worker, parts: EngineParts): Work[] {
  const { SMTP_URL: url, SEQUENCE_FROM: address, TRACKING_SECRET: secret, TRACKING_URL: trackingUrl } = config;
  if (url === undefined || address === undefined) {
    logger.warn({}, 'SMTP_URL is not given: steps by email wait');
    return [];
  }
  const atOnce = config.SEQUENCE_SMTP_CONNECTIONS;
  const mailer = openMailer({ url, connections: atOnce, onFailure: (code) => logger.warn({ code }, 'a message did not leave') });
  shutdown.add('mailer', () => mailer.close());
  const tracking = secret !== undefined && trackingUrl !== undefined ? createTrackingLinks(secret, trackingUrl) : undefined;
  const emails = {
    ...{ ...parts, mailer, atOnce, attempts: config.SEQUENCE_SMTP_ATTEMPTS, random: Math.random },
    letterhead: { from: { address }, ...(tracking && { tracking }) },
  };
  return [new Work('emails', () => sendEmails(emails), logger)];
}
