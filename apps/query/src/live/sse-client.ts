import type { ServerResponse } from 'node:http';
import { heartbeatFrame, openingFrame, reconnectFrame, type EndReason } from './frames.js';
import type { Output } from './reader.js';

export interface SseOptions {
  /** A client that has so many bytes waiting is given no more until it has taken them. */
  readonly bufferBytes: number;
  readonly heartbeatMs: number;
  /** One that takes nothing for so long is ended. */
  readonly stallMs: number;
  /** After its end a connection may flush for so long. */
  readonly graceMs: number;
}

/** `client`: it went by itself. */
export type CloseReason = EndReason | 'client';

/** Proxies must neither keep, join nor compress what passes. The end of the stream is the end of the connection. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  connection: 'close',
};
const CLIENT_RETRY_MS = 2_000;

/** One connection with a client that reads a stream. */
export class SseClient implements Output {
  /** Bytes handed to the connection. */
  private written = 0;
  /** While something waits to be taken: how much had been, and since when it has not become more. */
  private stall: { readonly sinceMs: number; readonly taken: number } | undefined;
  private lastWriteMs = Date.now();
  private reason: CloseReason = 'client';
  /** Settles when the connection is gone. */
  readonly gone: Promise<CloseReason>;

  constructor(
    private readonly response: ServerResponse,
    private readonly options: SseOptions,
    private readonly onEvents: (count: number) => void,
  ) {
    // it may have gone while the first page was read
    this.gone = response.destroyed
      ? Promise.resolve('client')
      : new Promise((resolve) => void response.once('close', () => resolve(this.reason)));
    response.on('error', () => response.destroy());
  }

  /** Writes the head of the answer. `id`: where the stream begins. */
  open(id: string): void {
    for (const [name, value] of Object.entries(STREAM_HEADERS)) this.response.setHeader(name, value);
    this.response.writeHead(200);
    this.put(Buffer.from(openingFrame(id, CLIENT_RETRY_MS)));
  }

  get closed(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  write(bytes: Buffer, events: number): boolean {
    if (this.response.writableLength > this.options.bufferBytes) return false;
    if (this.closed) return true;
    this.put(bytes);
    this.lastWriteMs = Date.now();
    this.onEvents(events);
    return true;
  }

  drained(): Promise<void> {
    if (this.closed || !this.response.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.response.off('drain', done).off('close', done);
        resolve();
      };
      this.response.on('drain', done).on('close', done);
    });
  }

  /** Ends with a hint to come back, which a client that reads nothing will not see: its connection is cut. */
  end(reason: EndReason): void {
    if (this.closed) return;
    this.reason = reason;
    this.response.end(reconnectFrame(reason));
    setTimeout(() => this.cut(), this.options.graceMs).unref();
  }

  /** Drops the connection with whatever it still had to flush. */
  cut(): void {
    this.response.destroy();
  }

  /** Called every now and then. `progress` gives the id to move on to, if there is a new one. */
  tick(nowMs: number, progress: () => string | undefined): void {
    if (this.closed) return;
    if (this.response.writableNeedDrain) return this.watchStall(nowMs);
    this.stall = undefined;
    if (nowMs - this.lastWriteMs < this.options.heartbeatMs) return;
    this.put(Buffer.from(heartbeatFrame(progress())));
    this.lastWriteMs = nowMs;
  }

  /** Whatever waits, little or much, is held for a client that may never take it; one that takes it slowly is left in peace. */
  private watchStall(nowMs: number): void {
    const taken = this.written - this.response.writableLength;
    if (this.stall === undefined || taken > this.stall.taken) this.stall = { sinceMs: nowMs, taken };
    else if (nowMs - this.stall.sinceMs >= this.options.stallMs) this.end('slow');
  }

  private put(bytes: Buffer): void {
    this.written += bytes.length;
    this.response.write(bytes);
  }
}
