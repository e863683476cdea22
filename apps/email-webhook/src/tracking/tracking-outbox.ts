import { setTimeout as pause } from 'node:timers/promises';
import type { EventRecord } from '#libs/contracts';
import type { Logger } from '#libs/service';
import type { MailPublisher } from '../mail/publisher.js';

/** A reader waits for a picture or a page, not for Kafka: more than this is not kept while Kafka is away. */
const MOST = 10_000;
const RETRY_MS = 500;

/** Publishes in the background, in order, trying again until it is done; what does not fit while Kafka is away is counted. */
export class TrackingOutbox {
  private readonly waiting: EventRecord[] = [];
  private running: Promise<void> | undefined;
  private closed = false;
  lost = 0;

  constructor(
    private readonly publisher: MailPublisher,
    private readonly logger: Logger,
  ) {}

  add(record: EventRecord): void {
    if (this.waiting.length >= MOST) {
      this.lost++;
      return;
    }
    this.waiting.push(record);
    this.running ??= this.drain().finally(() => (this.running = undefined));
  }

  /** Resolves when everything is on Kafka, or a last try has failed. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    if (this.waiting.length > 0) this.logger.error({ lost: this.waiting.length }, 'opens and clicks could not be published');
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const some = this.waiting.slice(0, 500);
      try {
        await this.publisher.publish(some);
        this.waiting.splice(0, some.length);
      } catch (err) {
        if (this.closed) return;
        this.logger.warn({ err, waiting: this.waiting.length }, 'opens and clicks wait for Kafka');
        await pause(RETRY_MS);
      }
    }
  }
}
