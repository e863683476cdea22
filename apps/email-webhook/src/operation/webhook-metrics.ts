import { Counter, type Registry } from 'prom-client';

/** What is counted: providers, kinds and outcomes, never an address or an id. */
export class WebhookMetrics {
  readonly requests: Counter<'provider' | 'outcome'>;
  readonly events: Counter<'provider' | 'name' | 'outcome'>;
  readonly tracked: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'annals_webhook_requests_total',
      help: 'Callbacks by provider and outcome: accepted, refused, unparsable, unavailable.',
      labelNames: ['provider', 'outcome'],
      registers,
    });
    this.events = new Counter({
      name: 'annals_webhook_events_total',
      help: 'Events in callbacks, by the name their provider gives them and by outcome; no_type: the catalogue has none, unmatched: nobody has told of the message.',
      labelNames: ['provider', 'name', 'outcome'],
      registers,
    });
    this.tracked = new Counter({ name: 'annals_webhook_tracked_total', help: 'Opens and clicks of our own links.', registers });
  }
}
