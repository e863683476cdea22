import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const CLI = join(process.cwd(), 'dist/apps/cli/src/main.js');

/** What a printed line answers with. */
export interface Page {
  readonly items: readonly { readonly id: string; readonly type: string; readonly tabs?: readonly string[]; readonly entities?: unknown }[];
}

/** One run of the built `annals start` in the foreground, as a person sees it. */
export class StartRun {
  output = '';
  errors = '';
  private readonly child: ChildProcess;
  private readonly watchers = new Set<() => void>();
  readonly ended: Promise<number | null>;

  constructor(env: NodeJS.ProcessEnv, ...flags: string[]) {
    this.child = spawn(process.execPath, [CLI, 'start', ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.heard((this.output += text)));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = once(this.child, 'close').then(([code]) => {
      this.heard('');
      return code as number | null;
    });
  }

  /** Resolves when the output holds the text. */
  async says(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error(`ended first:\n${this.output}${this.errors}`);
      await new Promise<void>((resolve) => this.watchers.add(resolve));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  get curlLines(): string[] {
    return this.output.split('\n').filter((line) => line.startsWith('curl '));
  }

  lineAfter(beginning: string): string {
    const lines = this.output.split('\n');
    return lines[lines.findIndex((line) => line.startsWith(beginning)) + 1] ?? '';
  }

  private heard(_: string): void {
    for (const wake of this.watchers) wake();
    this.watchers.clear();
  }
}
