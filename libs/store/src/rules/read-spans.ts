import type { Actor, EntityRef } from '#libs/contracts';
import type { TenantClient } from '../connect/in-tenant.js';
import { spanColumns, type Span } from './take-spans.js';

/** An event of the log as far as rules look at it. Times are microseconds since the Unix epoch. */
export interface SlimEvent {
  readonly tenantId: string;
  readonly position: bigint;
  /** The item's id. */
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly source: string;
  readonly actor: Pick<Actor, 'type' | 'id'>;
  readonly ingestMode: 'live' | 'backfill';
  readonly occurredAt: bigint;
  readonly appendedAt: bigint;
  /** It had been retracted before it came. */
  readonly takenBack: boolean;
  /** Primary first. */
  readonly entities: readonly EntityRef[];
  /** `null`: erased, or not asked for. */
  readonly payload: Readonly<Record<string, unknown>> | null;
}

export interface WantedTypes {
  readonly types: readonly string[];
  /** Of these the payload too. */
  readonly withPayload: readonly string[];
}

export interface SpansRead {
  /** By tenant, then position. */
  readonly events: readonly SlimEvent[];
  /** What was looked through: less than was asked where the payloads were many. */
  readonly spans: readonly Span[];
}

/** Bytes of payload in hand at once: one may have 256 KiB. */
const MOST_BYTES = 8_000_000;

interface Row {
  readonly tenant_id: string;
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly source: string;
  readonly actor_type: Actor['type'];
  readonly actor_id: string;
  readonly ingest_mode: SlimEvent['ingestMode'];
  readonly occurred: string;
  readonly appended: string;
  readonly taken_back: boolean;
  readonly entities: string;
  readonly payload: string | null;
  readonly bytes: string;
}

const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;

/** The events of the wanted types in the spans, which must be sorted by tenant. Other types cost their place in the index only. */
export async function readSpans(client: TenantClient, spans: readonly Span[], wanted: WantedTypes): Promise<SpansRead> {
  const { rows } = await client.query<Row>({
    name: 'annals.read_spans',
    text: `select * from (
             select e.*, sum(coalesce(octet_length(payload), 0)) over (order by tenant_id, position) as bytes
             from (select e.tenant_id, e.position, e.id, e.type, e.version, e.source, e.actor_type, e.actor_id, e.ingest_mode, e.entities,
                          ${micros('e.occurred_at')} as occurred, ${micros('e.appended_at')} as appended,
                          case when e.type = any ($5::text[]) then e.payload end as payload,
                          exists (select from annals.retracted r where r.tenant_id = e.tenant_id and r.position = e.position
                                  and r.effective_position = e.position) as taken_back
                   from unnest($1::uuid[], $2::bigint[], $3::bigint[]) s (tenant_id, after, upto)
                   cross join lateral (
                         select * from annals.events e
                         where e.tenant_id = s.tenant_id and e.position > s.after and e.position <= s.upto and e.type = any ($4::text[])
                         offset 0) e) e) e
           where bytes - coalesce(octet_length(payload), 0) < ${MOST_BYTES}
           order by tenant_id, position`,
    values: [...spanColumns(spans), wanted.types, wanted.withPayload],
  });
  return { events: rows.map(toSlim), spans: lookedThrough(spans, rows.at(-1)) };
}

/** Behind the row that filled the measure nothing was read. */
function lookedThrough(spans: readonly Span[], last: Row | undefined): readonly Span[] {
  if (last === undefined || Number(last.bytes) < MOST_BYTES) return spans;
  return spans
    .filter(({ tenantId }) => tenantId <= last.tenant_id)
    .map((span) => (span.tenantId === last.tenant_id ? { ...span, upto: BigInt(last.position) } : span));
}

function toSlim(row: Row): SlimEvent {
  return {
    tenantId: row.tenant_id,
    position: BigInt(row.position),
    id: row.id,
    type: row.type,
    version: row.version,
    source: row.source,
    actor: { type: row.actor_type, id: row.actor_id },
    ingestMode: row.ingest_mode,
    occurredAt: BigInt(row.occurred),
    appendedAt: BigInt(row.appended),
    takenBack: row.taken_back,
    entities: JSON.parse(row.entities) as EntityRef[],
    payload: row.payload === null ? null : (JSON.parse(row.payload) as Record<string, unknown>),
  };
}
