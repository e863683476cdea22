import { performance } from 'node:perf_hooks';

export type Print = (line: string) => void;

/** Tells what is being done, one line per step when it is done, with the time it took. */
export class Steps {
  /** No step begins once the signal has fired. */
  constructor(
    private readonly print: Print,
    private readonly signal: AbortSignal,
  ) {}

  /** `work` may note what takes long. What it answers with, if text, is added to the line. */
  async run<T>(name: string, work: (note: Print) => Promise<T>, told: (result: T) => string = () => ''): Promise<T> {
    this.signal.throwIfAborted();
    const begun = performance.now();
    const note: Print = (message) => this.print(`      ${message}`);
    try {
      const result = await work(note);
      const about = told(result);
      this.print(`  ok  ${name}${about && `: ${about}`} (${seconds(performance.now() - begun)})`);
      return result;
    } catch (error) {
      this.print(`  --  ${name} (${seconds(performance.now() - begun)})`);
      throw error;
    }
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
