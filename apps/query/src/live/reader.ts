import { setTimeout as pause } from 'node:timers/promises';
import { isUnlucky, type EventRow, type StreamPage } from '#libs/store';
import type { EndReason } from './frames.js';
import type { Channel, Listener } from './listeners.js';

/** Where a stream writes to. */
export interface Output {
  readonly closed: boolean;
  /** False: not taken, because more than the bound waits already. */
  write(bytes: Buffer, events: number): boolean;
  /** Resolves when everything written has been taken, or the output has closed. */
  drained(): Promise<void>;
  end(reason: EndReason): void;
}

/** What a reader needs of the hub of its tenant. */
export interface Meeting {
  join(listener: Listener, channel: Channel): boolean;
  leave(listener: Listener): void;
  positionOf(listener: Listener): bigint;
}

export interface ReaderOptions {
  readonly output: Output;
  readonly channel: Omit<Channel, 'refs'>;
  /** The next page of this very stream after a position. */
  readonly read: (after: bigint) => Promise<StreamPage>;
  readonly frame: (row: EventRow) => string;
  /** The hub as it is now. */
  readonly hub: (from: bigint) => Meeting;
  /** The log could not be read and the stream was ended. */
  readonly onFailure: (error: unknown) => void;
  readonly retryMs?: number;
}

/**
 * One stream. While it is behind it reads its own pages, each when the client has taken the one before; having caught up it listens to the
 * hub, and goes back to reading when the client falls behind or the hub says so. Its position is what the client has been given.
 */
export class Reader implements Listener {
  position: bigint;
  private meeting: Meeting | undefined;

  constructor(
    private readonly options: ReaderOptions,
    from: bigint,
  ) {
    this.position = from;
  }

  /** What lies behind the client, also where its filter left everything out. */
  get reached(): bigint {
    return this.meeting?.positionOf(this) ?? this.position;
  }

  /** Begins with a page that has been read already. Never rejects. */
  async start(first: StreamPage): Promise<void> {
    await this.orEnd(this.follow(first));
  }

  hear(frames: Buffer, events: number): boolean {
    return this.options.output.write(frames, events);
  }

  sentBack(): void {
    this.meeting = undefined;
    void this.orEnd(this.catchUp());
  }

  /** The client has gone. */
  close(): void {
    this.meeting?.leave(this);
    this.meeting = undefined;
  }

  private async catchUp(): Promise<void> {
    await this.options.output.drained();
    const page = await this.next();
    if (page) await this.follow(page);
  }

  private async follow(first: StreamPage): Promise<void> {
    const { output } = this.options;
    for (let page: StreamPage | undefined = first; page && !output.closed; page = await this.next()) {
      if (this.take(page)) return;
      await output.drained();
    }
  }

  private async orEnd(reading: Promise<void>): Promise<void> {
    try {
      await reading;
    } catch (error) {
      this.options.onFailure(error);
      this.options.output.end('failed');
    }
  }

  /** True: it listens from here on. */
  private take({ rows, reached, head, refs }: StreamPage): boolean {
    const { output, channel, frame } = this.options;
    if (rows.length > 0) output.write(Buffer.from(rows.map(frame).join('')), rows.length);
    this.position = reached > this.position ? reached : this.position;
    if (reached < head) return false;
    const meeting = this.options.hub(this.position);
    // joining may hand it to the client and back at once
    this.meeting = meeting;
    if (meeting.join(this, { ...channel, refs })) return true;
    this.meeting = undefined;
    return false;
  }

  /** While the database is away the stream stays and tries again. */
  private async next(): Promise<StreamPage | undefined> {
    const { output, read, retryMs = 1000 } = this.options;
    for (; !output.closed; await pause(retryMs, undefined, { ref: false })) {
      try {
        return await read(this.position);
      } catch (error) {
        if (!isUnlucky(error)) throw error;
      }
    }
    return undefined;
  }
}
