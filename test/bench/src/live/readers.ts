import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { askChild } from './ask-child.js';
import type { ReadersResult, ReadersWish, ReadersWord } from './readers.main.js';

const ENTRY = fileURLToPath(new URL('./readers.main.js', import.meta.url));

/** Clients of live streams, in a process of their own. */
export class Readers {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when every stream has said where it begins. */
  static async open(wish: ReadersWish): Promise<Readers> {
    const readers = new Readers(fork(ENTRY, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
    await readers.ask(wish, 'open');
    return readers;
  }

  measure(): void {
    this.child.send('measure');
  }

  /** Ends measuring and tells what was seen since it began. */
  async report(): Promise<ReadersResult> {
    const word = await this.ask('report', 'result');
    if (word.word !== 'result') throw new Error('no result');
    return word;
  }

  close(): void {
    this.child.kill('SIGKILL');
  }

  private async ask(message: ReadersWish | 'report', wanted: ReadersWord['word']): Promise<ReadersWord> {
    const word = await askChild<ReadersWord>(this.child, message);
    if (word.word !== wanted) throw new Error(`expected ${wanted}, was told ${word.word}`);
    return word;
  }
}
