/** Who is asking: the second wall holds whatever a query says. */
export interface ReadScope {
  readonly tenantId: string;
  readonly audience: 'staff' | 'customer';
  /** Required for a customer: the only timeline it may read. */
  readonly customer?: { readonly type: string; readonly id: string };
}

export type TimelineName =
  | { readonly kind: 'entity'; readonly type: string; readonly id: string }
  /** The tenant's feed, or the part of it that refers to a contact, lead or merchant. */
  | { readonly kind: 'feed'; readonly aboutCustomers?: boolean };

/** Combined with and. Times are microseconds since the Unix epoch, `from` inclusive, `to` exclusive. */
export interface TimelineFilter {
  readonly types?: readonly string[];
  readonly actor?: { readonly type?: string; readonly id: string };
  readonly from?: bigint;
  readonly to?: bigint;
  readonly includeRetracted?: boolean;
}

export interface TimelineQuery {
  readonly timeline: TimelineName;
  readonly filter: TimelineFilter;
  /** Show the timeline as of this position; absent: the newest. */
  readonly pin?: bigint;
  readonly limit: number;
  /** Keyset: rows after (older than) this one. */
  readonly after?: { readonly occurredAt: bigint; readonly position: bigint };
  /** 1-based page number instead of `after`; pages are `limit` long. */
  readonly page?: number;
  readonly countTotal?: boolean;
  readonly countNewer?: boolean;
}

/** Newest first by (occurred at, position). */
export interface TimelinePage {
  readonly rows: readonly EventRow[];
  readonly pin: bigint;
  readonly hasMore: boolean;
  /** Rows that match and stand after the pin; only with `countNewer`. */
  readonly newer?: number;
  /** More rows may be newer: counting stops where it would cost more than the page. */
  readonly newerIsFloor?: boolean;
  /** Only with `countTotal`. */
  readonly total?: number;
  /** The true total may be larger. */
  readonly totalIsFloor?: boolean;
}

/** One stored event, ready to print: times are ISO 8601 texts in UTC with microseconds, JSON stays text. */
export interface EventRow {
  readonly id: string;
  readonly position: string;
  readonly type: string;
  readonly sourceType: string;
  readonly version: number;
  readonly source: string;
  readonly sourceId: string;
  readonly occurredAt: string;
  readonly appendedAt: string;
  readonly recordedAt: string | null;
  readonly timeQuality: string;
  readonly ingestMode: string;
  readonly actorType: string;
  readonly actorId: string;
  readonly onBehalfOf: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceparent: string | null;
  /** Canonical JSON. */
  readonly entities: string;
  readonly summary: string | null;
  /** Canonical JSON; null after erasure. */
  readonly payload: string | null;
  /** Where it was taken off the timelines; null: it stands, or still stood at the pin. */
  readonly retractedAtPosition: string | null;
}

export interface QueryStore {
  timelinePage(scope: ReadScope, query: TimelineQuery): Promise<TimelinePage>;
  /** Null for an unknown id, another tenant's id, or one the audience may not see: they look the same. */
  eventById(scope: ReadScope, id: string): Promise<EventRow | null>;
  /** Rejects while the database is away or its schema is not this version's. */
  ready(): Promise<undefined>;
  close(): Promise<void>;
}
