import { setTimeout as pause } from 'node:timers/promises';
import type { EventRecord } from '#libs/contracts';
import type { Logger } from '#libs/service';
import { followAdded, pruneRequests, settleRequest, takeRequests, type Database, type EnrichmentRequest } from '#libs/store';
import type { EnrichmentMetrics } from '../operation/enrichment-metrics.js';
import { answerRequest, type AnswerOptions } from './answer-request.js';

export interface WorkOptions {
  readonly database: Database;
  readonly publish: (record: EventRecord) => Promise<void>;
  readonly answer: Omit<AnswerOptions, 'onFailure'>;
  readonly metrics: EnrichmentMetrics;
  readonly logger: Logger;
  /** Longer than all attempts of one request can take. */
  readonly leaseMs: number;
  /** How long settled requests are kept. */
  readonly retentionDays: number;
}

const AT_ONCE = 16;
const IDLE_MS = 1_000;
const PRUNE_EVERY_MS = 3_600_000;
const PRUNED_AT_ONCE = 5_000;

/** Takes requests and answers them until it is stopped. Any number of processes may do it. */
export class Work {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private pruneNotBefore = 0;

  constructor(private readonly options: WorkOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the requests in hand are settled. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const busy = await this.step().catch((err: unknown) => {
        this.options.logger.warn({ err }, 'not done, trying again');
        return false;
      });
      if (!busy) await pause(IDLE_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** One turn; false: nothing is due. */
  async step(): Promise<boolean> {
    const { database, leaseMs } = this.options;
    const added = await followAdded(database);
    const requests = await takeRequests(database, AT_ONCE, leaseMs);
    await Promise.all(requests.map((request) => this.settle(request)));
    await this.prune();
    return added > 0 || requests.length > 0;
  }

  private async prune(): Promise<void> {
    if (performance.now() < this.pruneNotBefore) return;
    const { database, retentionDays, logger } = this.options;
    const requests = await pruneRequests(database, retentionDays, PRUNED_AT_ONCE);
    if (requests > 0) logger.info({ requests }, 'pruned');
    if (requests < PRUNED_AT_ONCE) this.pruneNotBefore = performance.now() + PRUNE_EVERY_MS;
  }

  /** What was found is kept before it is published: whoever takes over publishes the very same, and the log has it once. */
  private async settle(request: EnrichmentRequest): Promise<void> {
    const { database, metrics, answer } = this.options;
    if (request.record !== null) return this.publish(request, request.record);
    const outcome = await answerRequest(request, { ...answer, onFailure: (provider) => metrics.failures.inc({ provider }) });
    await settleRequest(database, request, outcome);
    metrics.requests.inc({ outcome: outcome.state });
    if (outcome.state === 'found') await this.publish(request, outcome.record);
  }

  private async publish(request: EnrichmentRequest, record: string): Promise<void> {
    await this.options.publish(JSON.parse(record) as EventRecord);
    await settleRequest(this.options.database, request, { state: 'published' });
    this.options.metrics.requests.inc({ outcome: 'published' });
  }
}
