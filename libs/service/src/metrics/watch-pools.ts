import { Gauge, type Registry } from 'prom-client';

/** Number of connections by what they do. */
type Connections = Readonly<Record<string, number>>;

/** Shows pools of connections to PostgreSQL at the moment of asking; a pool that is not open yet is undefined. Once a registry. */
export function watchPools(metrics: Registry, pools: Readonly<Record<string, () => Connections | undefined>>): void {
  new Gauge({
    name: 'annals_pool_connections',
    help: 'Connections to PostgreSQL that are busy or idle, and what waits for one, by pool',
    labelNames: ['pool', 'state'],
    registers: [metrics],
    collect() {
      for (const [pool, stateOf] of Object.entries(pools))
        for (const [state, connections] of Object.entries(stateOf() ?? {})) this.set({ pool, state }, connections);
    },
  });
}
