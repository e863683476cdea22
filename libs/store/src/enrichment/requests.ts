import type { Database } from '../connect/open-database.js';

/** Somebody was added, and something may be found out about them. */
export interface EnrichmentRequest {
  readonly tenantId: string;
  readonly eventId: string;
  /** References of the event as canonical JSON, the primary one first. */
  readonly entities: string;
  /** Null: the event tells none. */
  readonly domain: string | null;
  /** Attempts so far. */
  readonly attempts: number;
  /** What was found before and is still to be published, word for word. */
  readonly record: string | null;
}

/** What became of a request. */
export type EnrichmentOutcome =
  /** To be published; kept first, so that a restart publishes the same. */
  | { readonly state: 'found'; readonly record: string }
  | { readonly state: 'published' }
  | { readonly state: 'nothing' }
  /** It will never be answered as it stands. */
  | { readonly state: 'parked'; readonly reason: string }
  /** Again, not before `delayMs` from now. */
  | { readonly state: 'waiting'; readonly reason: string; readonly delayMs: number };

interface Row {
  readonly tenant_id: string;
  readonly event_id: string;
  readonly entities: string;
  readonly domain: string | null;
  readonly attempts: number;
  readonly record: string | null;
}

/**
 * Takes up to `limit` requests that are due, for this process alone during `leaseMs`: who dies with them gives them back by time.
 * Those whose answer is found already come with it.
 */
export async function takeRequests({ pool }: Database, limit: number, leaseMs: number): Promise<EnrichmentRequest[]> {
  const { rows } = await pool.query<Row>(
    `update annals_app.enrichment_requests r
     set next_at = now() + make_interval(secs => $2::float8 / 1000), attempts = r.attempts + (r.state = 'waiting')::int, changed_at = now()
     from (select tenant_id, event_id from annals_app.enrichment_requests
           where state in ('waiting', 'found') and next_at <= now() order by next_at limit $1 for update skip locked) due
     where r.tenant_id = due.tenant_id and r.event_id = due.event_id
     returning r.tenant_id, r.event_id, r.entities, r.domain, r.attempts, r.record`,
    [limit, leaseMs],
  );
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    eventId: row.event_id,
    entities: row.entities,
    domain: row.domain,
    attempts: row.attempts,
    record: row.record,
  }));
}

/** Notes what became of a request. What was published stays published. */
export async function settleRequest({ pool }: Database, request: EnrichmentRequest, outcome: EnrichmentOutcome): Promise<void> {
  const { state } = outcome;
  await pool.query(
    `update annals_app.enrichment_requests
     set state = $3, reason = $4, record = case when $3 = 'found' then $5 else null end, changed_at = now(),
         next_at = now() + make_interval(secs => $6::float8 / 1000)
     where tenant_id = $1 and event_id = $2 and state in ('waiting', 'found')`,
    [
      request.tenantId,
      request.eventId,
      state,
      'reason' in outcome ? outcome.reason : null,
      state === 'found' ? outcome.record : null,
      state === 'waiting' ? outcome.delayMs : 0,
    ],
  );
}

/** How many requests there are in each state. */
export async function countRequests({ pool }: Database): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ state: string; count: string }>(
    'select state, count(*) from annals_app.enrichment_requests group by state',
  );
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
}
