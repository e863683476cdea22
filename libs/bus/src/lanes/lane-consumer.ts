import { ClusterProbe } from '../connect/cluster-probe.js';
import { kafkaClient } from '../connect/kafka-client.js';
import { backoffMs, pause } from './backoff.js';
import { ConsumerSession } from './consumer-session.js';
import type { ConsumerPhase, ConsumerState } from './consumer-state.js';
import { crashReason } from './crash-reason.js';
import { DEFAULT_TUNING, type LaneConsumerOptions, type LaneTuning } from './lane-options.js';
import { Stall } from './stall.js';

/**
 * Reads topics as one member of a group and hands them to a handler, lane by lane: a lane is everything with one
 * partition number, and no record of a lane is handled before those in front of it. Each record is handed over at
 * least once; a store that keeps the slices' next offsets with its rows, and refuses what lies behind them, makes it
 * exactly once. Survives broker and handler outages; gives up, loudly, as `onFatal` says.
 */
export class LaneConsumer<P> {
  private readonly tuning: LaneTuning;
  private readonly probe: ClusterProbe;
  private readonly stall: Stall;
  private readonly stopping = new AbortController();
  private session: ConsumerSession<P> | undefined;
  private supervised: Promise<void> | undefined;
  private sampled: Promise<void> | undefined;
  private phase: ConsumerPhase = 'connecting';
  private since = Date.now();
  /** When the brokers last said what they were asked. */
  private answeredAt = 0;
  private restarts = 0;
  private reason: string | null = null;
  private isFatal = false;

  constructor(private readonly options: LaneConsumerOptions<P>) {
    this.tuning = { ...DEFAULT_TUNING, ...options.tuning };
    this.probe = new ClusterProbe(kafkaClient(options.config, options.log));
    this.stall = new Stall(this.tuning.stallMs);
  }

  /** Returns at once; {@link state} tells how far it is. */
  start(): void {
    this.supervised ??= this.supervise();
    this.sampled ??= this.sampleForEver();
  }

  state(): ConsumerState {
    const { phase, since, restarts, reason, session } = this;
    const partitions = session?.partitions ?? [];
    const silentMs = Date.now() - Math.max(since, this.answeredAt);
    const isCutOff = phase === 'running' && silentMs > this.tuning.silentMs;
    return {
      ...{ phase, since, isCutOff, restarts, reason: isCutOff ? `no broker has answered for ${Math.round(silentMs / 1000)} s` : reason },
      assigned: partitions.length,
      starting: partitions.filter(({ expected, halted }) => expected === undefined && !halted).length,
      blocked: session?.blocked ?? [],
      halted: partitions.flatMap(({ halted }) => (halted ? [halted] : [])),
      lagRecords: session?.lag ?? null,
      progressAt: session?.progressAt ?? since,
    };
  }

  /** Finishes or abandons what is under way, within `stopMs`, and leaves the group. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const deadline = new AbortController();
    const ended = Promise.all([this.supervised, this.sampled]).then(() => this.probe.close());
    await Promise.race([ended.catch(() => undefined), pause(this.tuning.stopMs, deadline.signal)]);
    deadline.abort();
    this.enter('stopped');
  }

  private async supervise(): Promise<void> {
    const { signal } = this.stopping;
    const stopped = new Promise<'stopped'>((resolve) => signal.addEventListener('abort', () => resolve('stopped'), { once: true }));
    while (!signal.aborted && !this.isFatal) {
      const session = new ConsumerSession(this.options, this.tuning, this.probe, (phase) => this.enter(phase));
      this.session = session;
      const startedAt = Date.now();
      try {
        await Promise.race([session.start().then(() => session.crashed), session.crashed, stopped]);
        await session.stop(this.tuning.stopMs * 0.9);
      } catch (error) {
        await this.afterCrash(session, error, startedAt);
      }
    }
  }

  private async afterCrash(session: ConsumerSession<P>, error: unknown, startedAt: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.enter('crashed');
    const ranLong = Date.now() - startedAt > 10 * 60_000;
    this.restarts = ranLong ? 1 : this.restarts + 1;
    this.reason = await crashReason(error, this.probe, this.options);
    this.options.log.error({ err: error, restarts: this.restarts }, `the consumer crashed: ${this.reason}`);
    await session.stop(this.tuning.stopMs);
    if (this.restarts > this.tuning.maxRestarts) this.fatal(new Error(`the consumer keeps crashing: ${this.reason}`, { cause: error }));
    else await pause(backoffMs(this.restarts, this.tuning.restartMs, 30_000), this.stopping.signal);
  }

  private async sampleForEver(): Promise<void> {
    const { signal } = this.stopping;
    for (await pause(this.tuning.sampleMs / 5, signal); !signal.aborted && !this.isFatal; await pause(this.tuning.sampleMs, signal)) {
      const { session } = this;
      try {
        await session?.sample();
        this.answeredAt = Date.now();
      } catch (error) {
        // whether anything moves cannot be told while no broker answers
        this.options.log.debug({ err: error }, 'lag cannot be read');
        continue;
      }
      const refusedAt = session?.refusedAt ?? 0;
      const complaint = this.stall.complaint(this.state(), refusedAt, Date.now());
      if (complaint && session === this.session && !signal.aborted) this.fatal(new Error(complaint));
    }
  }

  private fatal(error: Error): void {
    if (this.isFatal) return;
    this.isFatal = true;
    this.enter('crashed');
    this.options.onFatal(error);
  }

  private enter(phase: ConsumerPhase): void {
    if (this.stopping.signal.aborted && phase !== 'stopped') return;
    if (this.isFatal && phase === 'running') return;
    if (phase !== this.phase) this.since = Date.now();
    if (phase === 'running') this.reason = null;
    this.phase = phase;
  }
}
