import type { TenantClient } from '../connect/in-tenant.js';
import type { RollupAnswer, RollupQuery } from './rollups.js';
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

/** A page of what happened to the accounts below one, with membership as it was when it happened, and of the account's own moves. */
export interface HierarchyQuery extends Omit<TimelineQuery, 'timeline'> {
  readonly accountId: string;
  /** Levels below the account, from 1; absent: all. */
  readonly depth?: number;
}

/** How much of a timeline a user has not seen. */
export interface Unseen {
  /** Position of the tenant's newest event. */
  readonly head: bigint;
  readonly unseen: number;
  /** There may be more: counting stops where it would cost more than a page. */
  readonly isFloor: boolean;
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

/** A comment on a record, as much of it as its place in the thread needs. */
export interface CommentKey {
  readonly position: string;
  /** The id its producer gave it. */
  readonly commentId: string;
  readonly parentCommentId: string | null;
  readonly deleted: boolean;
}

/** One step onwards through the log, oldest first. */
export interface StreamQuery {
  /** Absent: the tenant's feed. */
  readonly entity?: { readonly type: string; readonly id: string } | undefined;
  readonly filter: TimelineFilter;
  /** Only what stands after this position; absent: nothing, only `head` and `refs`. */
  readonly after?: bigint | undefined;
  readonly limit: number;
  /** The page ends with the event whose payload goes beyond so many bytes. */
  readonly bytes: number;
}

export interface StreamPage {
  readonly rows: readonly EventRow[];
  /** Everything that matches up to this position has been read. */
  readonly reached: bigint;
  /** The newest position. */
  readonly head: bigint;
  /** `refDigest` in hex of the timelines that are read as one, as of `head`; none: the feed, or nothing this reader may see. */
  readonly refs: readonly string[];
}

/** As {@link StreamQuery}, of an account's Hierarchy tab. */
export interface HierarchyStreamQuery extends Omit<StreamQuery, 'entity'>, Pick<HierarchyQuery, 'accountId' | 'depth'> {}

export interface FeedAfter {
  readonly tenantId: string;
  readonly after: bigint;
}
export type FeedPage = Pick<StreamPage, 'rows' | 'reached' | 'head'>;

export interface QueryStore {
  timelinePage(scope: ReadScope, query: TimelineQuery): Promise<TimelinePage>;
  /** `too-large`: more than 5,000 memberships of accounts below it; a smaller depth may do. Staff only: a customer finds nothing. */
  hierarchyPage(scope: ReadScope, query: HierarchyQuery): Promise<TimelinePage | 'too-large'>;
  /** Rows after position `seen`, without what the user did; for staff. */
  unseen(scope: ReadScope, timeline: TimelineName, seen: bigint, userId: string): Promise<Unseen>;
  /** Null for an unknown id, another tenant's id, or one the audience may not see: they look the same. */
  eventById(scope: ReadScope, id: string): Promise<EventRow | null>;
  /** For staff: counts of the tenant from its roll-ups. */
  rollups(tenantId: string, query: RollupQuery): Promise<RollupAnswer>;
  /** For live feeds: what shows of the log after a position, in position order. */
  streamPage(scope: ReadScope, query: StreamQuery): Promise<StreamPage>;
  /** The same for an account's Hierarchy tab, with the memberships of the head; for staff. `too-large`: as `hierarchyPage`. */
  hierarchyStream(tenantId: string, query: HierarchyStreamQuery): Promise<StreamPage | 'too-large'>;
  /** The same for the whole feeds of several tenants at once, retracted entries too, for staff; in the order asked. */
  streamRound(asked: readonly FeedAfter[], limit: number, bytes: number): Promise<FeedPage[]>;
  /** Position of the tenant's newest event, the pin of a page read now; 0 before the first. */
  head(tenantId: string): Promise<bigint>;
  /** The newest 10,000 comments on a record as of `pin` (absent: now), oldest first. For staff, like the three that follow. */
  commentKeys(
    tenantId: string,
    record: { readonly type: string; readonly id: string },
    pin?: bigint,
  ): Promise<{ readonly pin: bigint; readonly keys: readonly CommentKey[] }>;
  /** In the order of `positions`. */
  eventsAt(tenantId: string, positions: readonly string[]): Promise<readonly EventRow[]>;
  /** The event that made the comment; null: unknown, or another tenant's. */
  commentById(tenantId: string, commentId: string): Promise<EventRow | null>;
  /** The event that took the entry `id` (UUID) off the timelines; null: it stands, or is unknown. */
  retractionOf(tenantId: string, id: string): Promise<EventRow | null>;
  /** Runs acts of reading in one transaction that sees what staff of the tenant may see. */
  asStaff<T>(tenantId: string, work: (client: TenantClient) => Promise<T>): Promise<T>;
  /** Rejects while the database is away or its schema is not this version's. */
  ready(): Promise<undefined>;
  close(): Promise<void>;
}
