import { collectDefaultMetrics, Registry } from 'prom-client';

/** Prometheus' text format, version 0.0.4. */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** The registry of one process: its usual metrics are in it already, and every sample carries the label `app`. */
export function createMetrics(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}
