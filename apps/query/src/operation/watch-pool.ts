import { Gauge, type Registry } from 'prom-client';
import type { PoolState } from '#libs/store';

/** Connections to PostgreSQL at the moment of asking. */
export function watchPool(metrics: Registry, state: () => PoolState): void {
  new Gauge({
    name: 'annals_pool_connections',
    help: 'Connections to PostgreSQL that are busy or idle, and reads that wait for one.',
    labelNames: ['state'],
    registers: [metrics],
    collect() {
      for (const [name, count] of Object.entries(state())) this.set({ state: name }, Number(count));
    },
  });
}
