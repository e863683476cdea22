import type { TenantTypes } from '#libs/contracts';
import type { Logger } from '#libs/service';
import type { IngestStore } from '#libs/store';
import type { IngestMetrics } from './operation/ingest-metrics.js';

/** What the handlers stand on. */
export interface IngestParts {
  readonly store: IngestStore;
  /** The built-in types and every tenant's own, in memory. */
  readonly types: TenantTypes;
  readonly metrics: IngestMetrics;
  readonly logger: Logger;
  /** Called when dead letters were written, so that their copies need not wait. */
  readonly onDeadLetters: () => void;
  readonly topicPrefix: string;
}
export const INGEST_PARTS = Symbol('ingest-parts');
