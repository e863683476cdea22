import { setTimeout as pause } from 'node:timers/promises';
import { createProducer } from '#libs/producer';
import { createLogger, kafkaConnectionOf, loadConfigOrExit, Shutdown } from '#libs/service';
import { providerCallbacks } from './callbacks.js';
import { demoConfig } from './config.js';
import { openMailbox } from './mailbox.js';
import type { Voice } from './programs.js';
import { tellHistory, tellOn } from './publish.js';
import { read } from './reader.js';

const config = loadConfigOrExit(demoConfig);
const logger = createLogger({ app: 'demo', level: config.LOG_LEVEL });
const shutdown = new Shutdown({ logger });
shutdown.onSignals();

const crm = createProducer({ ...kafkaConnectionOf(config), source: '/demo/crm', topicPrefix: config.KAFKA_TOPIC_PREFIX, log: logger });
const LEAVE_MS = 2_000;
const leaving = new AbortController();
const told = tell();
shutdown.add('producer', () => crm.close());
shutdown.add('story', () => {
  leaving.abort();
  // what is in hand may wait for a Kafka or a webhook that is away: the next run tells it again
  return Promise.race([told.catch(() => undefined), pause(LEAVE_MS)]);
});

try {
  await told;
} catch (err) {
  logger.fatal({ err }, 'the story cannot be told');
  await shutdown.begin('failed', 1);
}

async function tell(): Promise<void> {
  const { DEMO_FILE: file, DEMO_WEBHOOK_URL: webhook } = config;
  const callBack = webhook === undefined ? undefined : await providerCallbacks(config.DEMO_WEBHOOKS, webhook);
  const { DEMO_SMTP_PORT: smtpPort, DEMO_SEED: seed, DEMO_TRACKING_URL: trackingUrl } = config;
  const { signal } = leaving;
  if (smtpPort !== undefined) {
    const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal });
    const reading = { seed, callBack, trackingUrl: trackingUrl ?? undefined, logger, signal, wait };
    const mailbox = await openMailbox(smtpPort, (mail) => void read(mail, reading));
    shutdown.add('mailbox', () => mailbox.close());
  }
  const voice: Voice = { programs: { crm, callBack, sequenceEngine: smtpPort !== undefined }, logger, signal };
  const memory = await tellHistory(file, seed, new Date(), voice);
  if (memory.historyTold) await tellOn(file, memory, config.DEMO_EVENTS_PER_SECOND, voice);
}
