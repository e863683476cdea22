import type { DeadLetterReason } from './dead-letter-reasons.js';

export const ACTOR_TYPES = ['human', 'agent', 'system'] as const;
export type ActorType = (typeof ACTOR_TYPES)[number];

/** Who did it. An `agent` or `system` may act `onBehalfOf` a human. Ids are 1–255 characters. */
export interface Actor {
  readonly type: ActorType;
  readonly id: string;
  readonly onBehalfOf?: string;
}

/** A record the event is about. `role` says how, where the type alone does not. */
export interface EntityRef {
  readonly type: string;
  readonly id: string;
  readonly role?: string;
}

/**
 * One event as accepted: the same whichever wire form it came in.
 *
 * Times are microseconds since the Unix epoch, as `bigint` (years before 1684 exceed a safe integer).
 */
export interface ActivityEvent {
  /** Lower-case UUID. */
  readonly tenantId: string;
  /** CloudEvents `source`; with `tenantId` and `sourceId` the identity, for ever. */
  readonly source: string;
  /** CloudEvents `id`, as the producer wrote it. */
  readonly sourceId: string;
  /** Canonical type name. */
  readonly type: string;
  /** The type name as received, never changed. */
  readonly sourceType: string;
  /** Version of the payload schema. */
  readonly version: number;
  /** 1–32 references, without repetition: the primary one first, the rest by type, id, role. */
  readonly entities: readonly [EntityRef, ...EntityRef[]];
  readonly actor: Actor;
  /** When it happened, by the producer's clock (or the record's, see `timeQuality`). */
  readonly occurredAt: bigint;
  readonly timeQuality: 'producer' | 'record';
  /** When the producer made the event. */
  readonly recordedAt: bigint | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceparent: string | null;
  readonly ingestMode: 'live' | 'backfill';
  /** Only hand-made entries: shown as written instead of the generated sentence. */
  readonly summary: string | null;
  /** The payload, key aliases resolved, as canonical JSON (RFC 8785). */
  readonly payload: string;
  /** Whether the type may be shown to the customer it is about. */
  readonly customerVisible: boolean;
  /** What the event does to other rows besides standing on timelines, read from its payload. */
  readonly effect: EventEffect | null;
}

/** What an event does to rows that other events made, or to how they are read. */
export type EventEffect =
  | { readonly kind: 'retract-event'; readonly targetEventId: string }
  | { readonly kind: 'open-comment'; readonly commentId: string; readonly parentCommentId: string | null }
  | { readonly kind: 'delete-comment'; readonly commentId: string }
  | { readonly kind: 'merge-contact'; readonly fromContactId: string; readonly intoContactId: string }
  | { readonly kind: 'unmerge-contact'; readonly mergeEventId: string }
  /** The account it is primarily about stands below another from now on; null: below none. */
  | { readonly kind: 'change-parent'; readonly toParentId: string | null };

/** One Kafka record as the decoder needs it. */
export interface WireRecord {
  readonly topic: string;
  /** `null`: a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  /** The record's own time, milliseconds since the Unix epoch. */
  readonly timestampMs: number;
}
export type HeaderValue = Uint8Array | string | readonly (Uint8Array | string)[] | undefined;

/** What becomes of one record. Nothing here throws: a bad record is a value. */
export type Decoded =
  | { readonly outcome: 'accepted'; readonly event: ActivityEvent }
  | { readonly outcome: 'tombstone' }
  | {
      readonly outcome: 'rejected';
      readonly rejection: Rejection;
      /** Where the record names a valid one. */
      readonly tenantId: string | null;
      readonly awaits: AwaitedVersion | null;
    };

/** What a tenant may yet register, so that the record would be taken. */
export interface AwaitedVersion {
  /** As the record names the type, in lower case. */
  readonly name: string;
  readonly version: number;
}

/** Why a record cannot be accepted. Neither field ever holds a value from the payload. */
export interface Rejection {
  readonly reason: DeadLetterReason;
  /** JSON Pointer to the offending place, or the header's name; '' for the whole record. */
  readonly schemaPath: string;
  readonly message: string;
}
