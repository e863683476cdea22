import type { DataDir } from '../data-dir.js';
import type { PlannedApp } from './app-plan.js';

/** What the demo is told of the apps. It cannot sign for endpoints of the user's own: then it publishes opens and clicks itself. */
export function demoEnv(dir: DataDir, apps: readonly PlannedApp[], brokers: readonly string[]): PlannedApp['env'] {
  const webhook = apps.find(({ name }) => name === 'email-webhook');
  return {
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: '',
    DEMO_FILE: dir.demoFile,
    DEMO_WEBHOOKS: dir.demoWebhooksFile,
    ...(webhook && process.env['WEBHOOKS_CONFIG'] === undefined && { DEMO_WEBHOOK_URL: webhook.url }),
  };
}
