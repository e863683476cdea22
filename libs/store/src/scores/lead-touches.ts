import type { PastEvent, Touch } from '#libs/scores';
import type { Database } from '../connect/open-database.js';
import type { LogPart } from './link-contacts.js';

/** A touch, of which lead, and the type of the event that is counted or taken back (null: other matters count from here). */
export interface LeadTouch {
  readonly leadId: string;
  readonly type: string | null;
  readonly touch: Touch;
}

const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;
/** `feedsScores` of libs/contracts, but for the type: no backfill, no machine, nothing erased. */
const SCORES = `e.ingest_mode = 'live' and e.payload is not null
  and (e.type not in ('email.opened', 'email.clicked') or e.payload::json ->> 'machine' is distinct from 'true')`;

interface TouchRow {
  readonly lead_id: string;
  readonly at: string;
  readonly type: string | null;
  readonly kind: Touch['kind'];
  readonly occurred: string | null;
}

/**
 * What touches leads in a part of the log, in position order: events of `types` that count for one, those taken back, and where a lead came to
 * have other sources. Needs `linkContacts` of the same part.
 */
export async function leadTouches({ pool }: Database, { tenantId, after, to }: LogPart, types: readonly string[]): Promise<LeadTouch[]> {
  const { rows } = await pool.query<TouchRow>(
    `with moved as (
       select e.position as at, e.type, e.occurred_at, e.entities, 'event' as kind from annals.events e
       where e.tenant_id = $1 and e.position > $2 and e.position <= $3 and e.type = any ($4) and ${SCORES}
         and not exists (select from annals.retracted r
                         where r.tenant_id = $1 and r.position = e.position and r.effective_position = e.position)
       union all
       select r.effective_position, e.type, e.occurred_at, e.entities, 'recount'
       from annals.retracted r join annals.events e using (tenant_id, position)
       where r.tenant_id = $1 and r.effective_position > $2 and r.effective_position <= $3 and r.effective_position > r.position
         and e.type = any ($4) and ${SCORES}),
     changed as (
       select lead_id, from_position as at from annals_app.lead_sources
       where tenant_id = $1 and from_position > $2 and from_position <= $3
       union
       select lead_id, until_position from annals_app.lead_sources
       where tenant_id = $1 and until_position > $2 and until_position <= $3)
     select lead.lead_id, m.at, m.type, m.kind, ${micros('m.occurred_at')} as occurred
     from moved m cross join lateral (
       select distinct coalesce(s.lead_id, one ->> 'id') as lead_id
       from json_array_elements(m.entities::json) as one
       left join annals_app.lead_sources s on s.tenant_id = $1 and s.ref = annals.ref(one ->> 'type', one ->> 'id')
       where one ->> 'type' in ('lead', 'contact')
         and case when s.ref is null then one ->> 'type' = 'lead'
             else s.from_position <= m.at and (s.until_position is null or s.until_position > m.at) end) lead
     union all
     select c.lead_id, c.at, null,
            case when exists (select from annals_app.lead_sources s
                              where s.tenant_id = $1 and s.lead_id = c.lead_id and s.from_position <= c.at
                                and (s.until_position is null or s.until_position > c.at)) then 'recount' else 'ended' end, null
     from changed c
     order by at, kind`,
    [tenantId, String(after), String(to), types],
  );
  return rows.map((row) => ({ leadId: row.lead_id, type: row.type, touch: touchOf(row) }));
}

function touchOf({ at, type, kind, occurred }: TouchRow): Touch {
  const position = BigInt(at);
  if (kind !== 'event' || type === null) return { kind: kind === 'ended' ? kind : 'recount', position };
  return { kind, position, scored: { type, occurredAt: BigInt(occurred ?? 0) } };
}

interface PastRow {
  readonly lead_id: string;
  readonly position: string;
  readonly type: string;
  readonly occurred: string;
  readonly from: string;
  readonly until: string | null;
}

/** Everything of `types` that ever counted for these leads up to `to`, by lead. Reads the timelines of all their sources. */
export async function leadPasts(
  { pool }: Database,
  { tenantId, to }: Omit<LogPart, 'after'>,
  leadIds: readonly string[],
  types: readonly string[],
): Promise<Map<string, PastEvent[]>> {
  const { rows } = await pool.query<PastRow>(
    `with refs as (
       select lead_id, ref, from_position as since, until_position as till from annals_app.lead_sources
       where tenant_id = $1 and lead_id = any ($2) and from_position <= $3
       union all
       select lead.id, lead.ref, 0, null
       from (select id, annals.ref('lead', id) as ref from unnest($2::text[]) as id) lead
       where not exists (select from annals_app.lead_sources s where s.tenant_id = $1 and s.ref = lead.ref)),
     rows as materialized (
       select r.lead_id, t.position, t.type, t.occurred_at, greatest(t.position, r.since) as "from", least(t.retracted_at_position, r.till) as until
       from refs r cross join lateral (
         select * from annals.timeline t
         where t.tenant_id = $1 and t.bucket = any (array(select bucket from annals.months where tenant_id = $1)) and t.ref = r.ref
           and t.position <= $3 and t.type = any ($4) offset 0) t)
     select rows.lead_id, rows.position, rows.type, ${micros('rows.occurred_at')} as occurred, rows."from", rows.until
     from rows cross join lateral (
       select from annals.events e where e.tenant_id = $1 and e.position = rows.position and ${SCORES} offset 0) scores`,
    [tenantId, leadIds, String(to), types],
  );
  const pasts = new Map<string, PastEvent[]>();
  for (const row of rows) {
    const past = pasts.get(row.lead_id) ?? [];
    past.push(pastOf(row));
    pasts.set(row.lead_id, past);
  }
  return pasts;
}

function pastOf({ position, type, occurred, from, until }: PastRow): PastEvent {
  return {
    position: BigInt(position),
    type,
    occurredAt: BigInt(occurred),
    from: BigInt(from),
    until: until === null ? null : BigInt(until),
  };
}
