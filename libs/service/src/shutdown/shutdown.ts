import type { Logger } from 'pino';

interface Hook {
  readonly name: string;
  readonly run: () => unknown;
}

interface ShutdownOptions {
  readonly logger: Logger;
  /** After this the process leaves whatever is still under way. Default 10 s. */
  readonly deadlineMs?: number;
  readonly exit?: (code: number) => void;
}

/**
 * Leaves in order. What was opened last is closed first; a hook that fails is logged and does not stop the others.
 * SIGTERM and SIGINT begin it, a second signal ends the process at once.
 */
export class Shutdown {
  private readonly hooks: Hook[] = [];
  private running: Promise<void> | undefined;
  private readonly deadlineMs: number;
  private readonly exit: (code: number) => void;

  constructor(private readonly options: ShutdownOptions) {
    this.deadlineMs = options.deadlineMs ?? 10_000;
    this.exit = options.exit ?? ((code) => process.exit(code));
  }

  add(name: string, run: () => unknown): void {
    this.hooks.push({ name, run });
  }

  onSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.signalled(signal));
  }

  /** Once begun, further calls join the first. Exit code 1 instead of `exitCode` when the deadline passes or a hook fails. */
  begin(reason: string, exitCode = 0): Promise<void> {
    this.running ??= this.leave(reason, exitCode);
    return this.running;
  }

  private signalled(signal: string): void {
    if (this.running === undefined) void this.begin(signal);
    else this.exit(1);
  }

  private async leave(reason: string, exitCode: number): Promise<void> {
    this.options.logger.info({ reason }, 'stopping');
    const deadline = setTimeout(() => {
      this.options.logger.error({ deadlineMs: this.deadlineMs }, 'not stopped in time');
      this.exit(1);
    }, this.deadlineMs);
    const clean = await this.runHooks();
    clearTimeout(deadline);
    this.options.logger.info('stopped');
    this.exit(clean ? exitCode : exitCode || 1);
  }

  private async runHooks(): Promise<boolean> {
    let clean = true;
    for (const hook of this.hooks.toReversed()) {
      try {
        await hook.run();
      } catch (err) {
        clean = false;
        this.options.logger.error({ err, hook: hook.name }, 'a shutdown hook failed');
      }
    }
    return clean;
  }
}
