import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { askChild } from './ask-child.js';
import type { SteadyOptions } from './publish-steadily.js';
import type { PublisherWish, PublisherWord } from './publisher.main.js';

const ENTRY = fileURLToPath(new URL('./publisher.main.js', import.meta.url));

/** Publishes at a steady rate, in a process of its own: what the benchmark holds in memory must not stop it for a moment. */
export class Publisher {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when everything to be published is held ready. */
  static async prepare(brokers: readonly string[], all: readonly SteadyOptions[]): Promise<Publisher> {
    const publisher = new Publisher(fork(ENTRY, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
    await publisher.ask({ wish: 'prepare', brokers, all });
    return publisher;
  }

  /** Publishes what is next; resolves when all is acknowledged, with the events a second. */
  async publish(): Promise<number> {
    const word = await this.ask({ wish: 'publish' });
    if (word.word !== 'published') throw new Error('nothing was published');
    return word.perSecond;
  }

  close(): void {
    this.child.kill('SIGKILL');
  }

  private ask(wish: PublisherWish): Promise<PublisherWord> {
    return askChild<PublisherWord>(this.child, wish);
  }
}
