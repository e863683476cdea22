import { Gauge, type Registry } from 'prom-client';
import type { HealthRegistry } from './health-registry.js';

/** A tenant whose work a job cannot do at the moment. */
export interface DegradedTenant {
  readonly job: string;
  readonly tenantId: string;
  readonly failures: number;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
  /** Kind of the error, without its text. */
  readonly error: string;
}

/** What readiness shows at most; the metric counts all. */
const SHOWN = 20;

/**
 * Shows tenants that jobs have set aside: in readiness as `degraded` with tenant and job, which takes no process out of service, and in
 * metrics by job. Labels never hold a tenant: there may be any number of them.
 */
export function tellDegraded(
  { health, metrics }: { readonly health: HealthRegistry; readonly metrics: Registry },
  list: () => readonly DegradedTenant[],
): void {
  health.add('tenants', () => {
    const all = list();
    if (all.length === 0) return { state: 'up' };
    const aside = all.slice(0, SHOWN).map(({ job, tenantId, failures, since, error }) => {
      return { job, tenantId, failures, since: new Date(since).toISOString(), error };
    });
    return { state: 'degraded', details: { number: all.length, aside } };
  });
  new Gauge({
    name: 'annals_degraded_tenants',
    help: 'Tenants that a job has set aside because their work fails',
    labelNames: ['job'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { job } of list()) this.inc({ job });
    },
  });
}
