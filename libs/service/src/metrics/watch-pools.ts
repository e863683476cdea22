import { Gauge, type Registry } from 'prom-client';

/** Connections now, and work that waits for one. */
export interface PoolState {
  readonly busy: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Shows pools of connections to PostgreSQL at the moment of asking; a pool that is not open yet is undefined. Once a registry. */
export function watchPools(metrics: Registry, pools: Readonly<Record<string, () => PoolState | undefined>>): void {
  new Gauge({
    name: 'annals_pool_connections',
    help: 'Connections to PostgreSQL that are busy or idle, and what waits for one, by pool',
    labelNames: ['pool', 'state'],
    registers: [metrics],
    collect() {
      for (const [pool, stateOf] of Object.entries(pools))
        for (const [state, connections] of Object.entries(stateOf() ?? {})) this.set({ pool, state }, Number(connections));
    },
  });
}
