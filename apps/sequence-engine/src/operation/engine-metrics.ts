import { Counter, Gauge, type Registry } from 'prom-client';

/** What is counted: channels and outcomes, never whom it is about. */
export class EngineMetrics {
  private readonly steps: Counter<'channel' | 'outcome'>;
  private readonly heardEvents: Counter<'outcome'>;

  constructor(registry: Registry, count: () => Promise<Record<string, number>>) {
    const registers = [registry];
    this.steps = new Counter({
      name: 'annals_sequence_steps_total',
      help: 'Steps by what became of them: done, sent, failed, no_address, unknown, postponed (into working hours), again (later).',
      labelNames: ['channel', 'outcome'],
      registers,
    });
    this.heardEvents = new Counter({
      name: 'annals_sequence_happenings_total',
      help: 'What events of the log did: enrolled, exited, paused, resumed, played.',
      labelNames: ['outcome'],
      registers,
    });
    new Gauge({
      name: 'annals_sequence_enrollments',
      help: 'Enrolments there are, by state.',
      labelNames: ['state'],
      registers,
      async collect() {
        for (const [state, number] of Object.entries(await count().catch(() => ({})))) this.set({ state }, number);
      },
    });
  }

  readonly stepped = (channel: string, outcome: string, count = 1): void => this.steps.inc({ channel, outcome }, count);
  readonly heard = (outcome: string): void => this.heardEvents.inc({ outcome });
}
