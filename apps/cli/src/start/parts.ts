import { send } from '#libs/local-stack';
import { Failure } from '../failure.js';
import type { Print } from './steps.js';

/** One running piece of the stack. */
export interface Part {
  readonly name: string;
  /** Null where another program owns the process. */
  readonly pid: number | null;
  readonly logFile: string;
  /** Ends it in good order; harmless when it has ended. */
  stop(): Promise<void>;
  /** Resolves when it ends, however it does. */
  readonly ended: Promise<void>;
}

/** What has been started, in the order it was: stopped from the end. */
export class Parts {
  private readonly parts: Part[] = [];
  private stopping = false;
  private fail: (failure: Failure) => void = () => undefined;
  /** Rejects when a part ends by itself. */
  readonly death: Promise<never>;

  constructor(private readonly print: Print) {
    this.death = new Promise((_, reject) => (this.fail = reject));
    this.death.catch(() => undefined);
    process.on('exit', () => this.kill('SIGTERM'));
  }

  add(part: Part): void {
    this.parts.push(part);
    void part.ended.then(() => {
      if (!this.stopping) this.fail(new Failure(`${part.name} ended by itself: its log is ${part.logFile}`));
    });
  }

  get isEmpty(): boolean {
    return this.parts.length === 0;
  }

  /** Stops all, the last first. One that will not stop is named and does not keep the others running. */
  async stop(): Promise<boolean> {
    this.stopping = true;
    let clean = true;
    for (const part of this.parts.toReversed()) {
      try {
        await part.stop();
        this.print(`  ok  ${part.name} stopped`);
      } catch (error) {
        clean = false;
        this.print(`  --  ${part.name} did not stop: ${error instanceof Error ? error.message : String(error)}`);
      }
      this.parts.splice(this.parts.indexOf(part), 1);
    }
    return clean;
  }

  /** At once and without order. */
  kill(signal: NodeJS.Signals): void {
    this.stopping = true;
    for (const { pid } of this.parts) if (pid !== null) send(pid, signal);
  }
}
