import { Counter, Gauge, type Registry } from 'prom-client';
import type { CloseReason } from './sse-client.js';

export interface StreamMetrics {
  written(events: number): void;
  closed(reason: CloseReason): void;
}

/** `clients` is asked when metrics are. */
export function streamMetrics(registry: Registry, clients: () => number): StreamMetrics {
  const registers = [registry];
  new Gauge({
    name: 'annals_stream_clients',
    help: 'Live streams that are open.',
    registers,
    collect() {
      this.set(clients());
    },
  });
  const events = new Counter({
    name: 'annals_stream_events_total',
    help: 'Entries written to live streams, once for each stream.',
    registers,
  });
  const closed = new Counter({
    name: 'annals_stream_closed_total',
    help: 'Live streams that have ended, by who ended them: client, or by us as slow, expired, stopping or failed.',
    labelNames: ['reason'],
    registers,
  });
  return { written: (count) => events.inc(count), closed: (reason) => closed.inc({ reason }) };
}
