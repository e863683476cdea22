import type { Registry } from 'prom-client';
import type { HealthRegistry, Logger } from '#libs/service';
import type { Database } from '#libs/store';
import type { TrackingLinks } from '#libs/tracking';
import type { Endpoints } from './endpoints/endpoint-file.js';
import type { ProviderName } from './endpoints/endpoint.js';
import type { MailPublisher } from './mail/publisher.js';
import type { WebhookMetrics } from './operation/webhook-metrics.js';
import type { Provider } from './providers/provider.js';
import type { TrackingOutbox } from './tracking/tracking-outbox.js';

/** What the routes stand on. */
export interface WebhookParts {
  readonly endpoints: Endpoints;
  readonly providers: Readonly<Record<ProviderName, Provider>>;
  /** Role `webhook`. */
  readonly database: Database;
  readonly publisher: MailPublisher;
  readonly outbox: TrackingOutbox;
  /** Absent without a secret for them. */
  readonly links: TrackingLinks | undefined;
  /** Asks SNS's address of a subscription. */
  readonly confirm: (url: string) => Promise<void>;
  readonly health: HealthRegistry;
  readonly registry: Registry;
  readonly metrics: WebhookMetrics;
  readonly bodyBytes: number;
  readonly logger: Logger;
}

export const WEBHOOK_PARTS = Symbol('WebhookParts');
