import { Counter, Gauge, type Registry } from 'prom-client';

/** What is counted: outcomes and providers, never whom it is about. */
export class EnrichmentMetrics {
  readonly requests: Counter<'outcome'>;
  readonly failures: Counter<'provider'>;

  constructor(registry: Registry, count: () => Promise<Record<string, number>>) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'annals_enrichment_requests_total',
      help: 'Requests by what became of them: found, published, nothing, parked, waiting (again).',
      labelNames: ['outcome'],
      registers,
    });
    this.failures = new Counter({
      name: 'annals_enrichment_failures_total',
      help: 'Questions that a provider did not answer.',
      labelNames: ['provider'],
      registers,
    });
    new Gauge({
      name: 'annals_enrichment_requests',
      help: 'Requests there are, by state.',
      labelNames: ['state'],
      registers,
      async collect() {
        for (const [state, number] of Object.entries(await count().catch(() => ({})))) this.set({ state }, number);
      },
    });
  }
}
