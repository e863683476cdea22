import type { TenantTypes } from '#libs/contracts';
import type { Database, FailingTenants } from '#libs/store';
import type { DefinitionBook } from './follow/definition-book.js';
import type { EngineMetrics } from './operation/engine-metrics.js';

/** What all of the engine stands on. */
export interface EngineParts {
  /** Role `sequences`. */
  readonly database: Database;
  readonly types: Pick<TenantTypes, 'resolve'>;
  readonly book: DefinitionBook;
  /** Whose events cannot be heard: others go on without them. */
  readonly failing: FailingTenants;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly metrics: Pick<EngineMetrics, 'stepped' | 'heard'>;
}
