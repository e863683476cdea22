import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ConsumerState } from '#libs/bus';
import { CUSTOM_PREFIX } from '#libs/contracts';
import type { AppendOutcome } from '#libs/store';

type Committed = Extract<AppendOutcome, { outcome: 'committed' }>;

/** What ingest tells of itself. Labels are types and reasons from closed lists, never anything of a tenant. */
export class IngestMetrics {
  private readonly events: Counter<'type' | 'outcome'>;
  private readonly deadLetters: Counter<'reason'>;
  private readonly batchSeconds: Histogram;
  private readonly batchEvents: Histogram;

  constructor(registry: Registry, state: () => ConsumerState | undefined) {
    const registers = [registry];
    this.events = new Counter({
      name: 'annals_events_total',
      help: 'Records by type and what became of them',
      labelNames: ['type', 'outcome'],
      registers,
    });
    this.deadLetters = new Counter({
      name: 'annals_dead_letters_total',
      help: 'Dead letters by reason',
      labelNames: ['reason'],
      registers,
    });
    this.batchSeconds = new Histogram({
      ...{ name: 'annals_batch_seconds', help: 'From the first record decoded to the commit, seconds', registers },
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    });
    this.batchEvents = new Histogram({
      ...{ name: 'annals_batch_events', help: 'Events appended a batch', registers },
      buckets: [1, 10, 50, 100, 250, 500, 1000, 2000, 4000],
    });
    gauge(registry, 'annals_lag_records', 'Records in Kafka that are not in the log yet', () => state()?.lagRecords ?? 0);
    gauge(registry, 'annals_blocked_lanes', 'Groups the database refuses at the moment', () => state()?.blocked.length ?? 0);
    gauge(registry, 'annals_halted_partitions', 'Partitions that wait for an operator', () => state()?.halted.length ?? 0);
    gauge(registry, 'annals_assigned_partitions', 'Partitions this instance reads', () => state()?.assigned ?? 0);
  }

  /** Once a committed batch. `seconds` is how long it took. A record that was read again is `skipped` and nothing else. */
  count(outcome: Committed, seconds: number): void {
    this.batchSeconds.observe(seconds);
    this.batchEvents.observe(outcome.appended);
    for (const [type, events] of outcome.appendedByType) this.events.inc({ type: labelOf(type), outcome: 'appended' }, events);
    this.add('duplicate', outcome.duplicates);
    this.add('conflict', outcome.conflicts);
    this.add('skipped', outcome.skipped);
    this.add('tombstone', outcome.tombstones);
    this.add('rejected', outcome.deadLetters - outcome.conflicts);
    for (const [reason, letters] of outcome.deadLettersByReason) this.deadLetters.inc({ reason }, letters);
  }

  private add(outcome: string, records: number): void {
    if (records > 0) this.events.inc({ type: 'any', outcome }, records);
  }
}

/** Tenants name types of their own: together they are one label. */
function labelOf(type: string): string {
  return type.startsWith(CUSTOM_PREFIX) ? 'custom' : type;
}

function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    ...{ name, help, registers: [registry] },
    collect() {
      this.set(value());
    },
  });
}
