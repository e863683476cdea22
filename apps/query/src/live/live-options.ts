/** How live streams behave; times in milliseconds. */
export interface LiveOptions {
  /** Streams of this instance; more are answered with 503. */
  readonly maxClients: number;
  /** A comment is written when nothing else was for so long. */
  readonly heartbeatMs: number;
  /** What may wait for one client. */
  readonly bufferBytes: number;
  /** A client that takes nothing of what waits for it for so long is ended. */
  readonly stallMs: number;
  /** A stream that we have ended may flush for so long. */
  readonly graceMs: number;
  /** The log is looked at so often even when nobody says that it has grown. */
  readonly pollMs: number;
  /** How long a ticket works. */
  readonly ticketMs: number;
}

export const LIVE_DEFAULTS: LiveOptions = {
  maxClients: 5_000,
  heartbeatMs: 15_000,
  bufferBytes: 1_048_576,
  stallMs: 10_000,
  graceMs: 2_000,
  pollMs: 5_000,
  ticketMs: 30_000,
};
