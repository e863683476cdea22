import type { EventType } from '#libs/contracts';
import type { CustomDraft, CustomType, EventDraft } from './event-draft.js';

/** What became of an event: all in-sync replicas have it. */
export interface Receipt {
  /** The id it was published under. */
  readonly id: string;
}

/** Publishes events to annals. Kafka's or, in tests, one that records: both check alike. */
export interface EventProducer {
  /**
   * Checks the event as ingest would and publishes it. Resolves when all in-sync replicas have it; annals stores it once, however
   * often the same id is published. Rejects with `InvalidEvent` (nothing was sent) or `NotPublished`. Events of one tenant and
   * topic keep the order of the calls. While the buffer is full the call waits; where you do not await each call, await `room()`.
   */
  publish<T extends EventType>(type: T, event: EventDraft<T>): Promise<Receipt>;
  /** The same for a tenant's own type. Its payload is checked by ingest, not here. */
  publishCustom(type: CustomType, event: CustomDraft): Promise<Receipt>;
  /** Resolves when the buffer takes another event without waiting; rejects with `NotPublished`. */
  room(): Promise<void>;
  /** Sends what waits without lingering; resolves when every event of an earlier call is stored or has failed. */
  flush(): Promise<void>;
  /** Takes no more events, waits a bounded time for those it has, and disconnects. Harmless twice. */
  close(): Promise<void>;
}
