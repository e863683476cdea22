import type { DataDir } from '../data-dir.js';
import type { PlannedApp } from './app-plan.js';

/**
 * What the demo is told of the apps. It cannot sign for endpoints of the user's own: then it publishes opens and clicks itself. Where the
 * sequence engine does not know its sequences, or sends mail elsewhere, the demo publishes what that would.
 */
export function demoEnv(dir: DataDir, apps: readonly PlannedApp[], brokers: readonly string[], isDefined: boolean): PlannedApp['env'] {
  const find = (wanted: PlannedApp['name']): PlannedApp | undefined => apps.find(({ name }) => name === wanted);
  const webhook = find('email-webhook');
  const engine = find('sequence-engine')?.env ?? {};
  const { SMTP_URL: mailbox, TRACKING_URL: tracking } = engine;
  return {
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: '',
    DEMO_FILE: dir.demoFile,
    DEMO_WEBHOOKS: dir.demoWebhooksFile,
    ...(webhook && process.env['WEBHOOKS_CONFIG'] === undefined && { DEMO_WEBHOOK_URL: webhook.url }),
    ...(mailbox !== undefined && isDefined && { DEMO_SMTP_PORT: new URL(mailbox).port, DEMO_TRACKING_URL: tracking ?? '' }),
  };
}
