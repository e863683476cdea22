import type { Actor, EntityRef, EntityType, EventPayload, EventType } from '#libs/contracts';

/** Records the event is about, by type: `{ deal: 'deal-9', account: 'acc-1' }` says the same as a list of references. */
export type EntityIds = { readonly [T in EntityType]?: string };

/** What every event may say, whatever its type. `undefined` is the same as left out. */
export interface DraftAttributes extends EntityIds {
  /** UUID of the tenant; the producer's `tenantId` if left out. */
  readonly tenantId?: string;
  /** References with roles, or several of one type. They stand before those given by type. */
  readonly entities?: readonly EntityRef[];
  /** Who did it; system/system if left out, where the type allows it. */
  readonly actor?: Actor;
  /** When it happened; the moment of the call if left out. RFC 3339 with offset, or a Date. At most 24 h ahead. */
  readonly time?: string | Date;
  /**
   * Unique within the producer's `source`, for ever; a UUIDv7 if left out. Give one, from `idFrom`, where the same event may be
   * published again by another run: annals then stores it once. With an id of your own, give the `time` as well or never:
   * the same id with another content is a conflict.
   */
  readonly id?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** W3C Trace Context; the producer's `traceparent()` if left out. A malformed one is dropped. */
  readonly traceparent?: string;
  /** `backfill`: shows on timelines, starts no automation. */
  readonly ingestMode?: 'live' | 'backfill';
  /** Only for entries made by hand: shown as written instead of the generated sentence. */
  readonly summary?: string;
}

/** What a subsystem says of an event of type `T`. The primary entity is the first that the type can be about. */
export interface EventDraft<T extends EventType> extends DraftAttributes {
  readonly payload: EventPayload<T>;
}

/** An event of one of a tenant's own types. Its payload is checked by ingest, where the type is registered. */
export interface CustomDraft extends DraftAttributes {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Version of the type's schema; 1 if left out. */
  readonly version?: number;
}

/** The name of a tenant's own type. */
export type CustomType = `custom.${string}`;
