import type { PastEvent, Touch } from '#libs/scores';
import type { Database } from '../connect/open-database.js';

/** A touch, of which lead, and the type of the event that is counted or taken back (null: a contact became the lead). */
export interface LeadTouch {
  readonly leadId: string;
  readonly type: string | null;
  readonly touch: Touch;
}

/** Part of a tenant's log: (after, to]. */
export interface LogPart {
  readonly tenantId: string;
  readonly after: bigint;
  readonly to: bigint;
}

const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;
/** `feedsScores` of libs/contracts, but for the type: no backfill, no machine, nothing erased. */
const SCORES = `e.ingest_mode = 'live' and e.payload is not null
  and (e.type not in ('email.opened', 'email.clicked') or e.payload::json ->> 'machine' is distinct from 'true')`;

/**
 * Notes which contacts turned out to be which leads in a part of the log: lead.added says so of its lead, contact.added of its contact. Harmless to repeat.
 * Must be done before `leadTouches` of the same part.
 */
export async function linkContacts({ pool }: Database, { tenantId, after, to }: LogPart): Promise<void> {
  await pool.query(
    `insert into annals_app.lead_contacts (tenant_id, contact_id, lead_id, since_position)
     select $1, contact ->> 'id', lead ->> 'id', min(e.position)
     from annals.events e cross join json_array_elements(e.entities::json) as contact cross join json_array_elements(e.entities::json) as lead
     where e.tenant_id = $1 and e.position > $2 and e.position <= $3 and e.type in ('lead.added', 'contact.added')
       and contact ->> 'type' = 'contact' and lead ->> 'type' = 'lead'
     group by 2, 3 order by 2, 3
     on conflict do nothing`,
    [tenantId, String(after), String(to)],
  );
}

/**
 * What touches leads in a part of the log, in position order: events of `types` about a lead or a contact that is one, those taken back, and
 * contacts that became leads.
 */
export async function leadTouches({ pool }: Database, { tenantId, after, to }: LogPart, types: readonly string[]): Promise<LeadTouch[]> {
  const { rows } = await pool.query<{ lead_id: string; at: string; type: string | null; again: boolean; occurred: string | null }>(
    `with moved as (
       select e.position as at, e.type, e.occurred_at, e.entities, false as again from annals.events e
       where e.tenant_id = $1 and e.position > $2 and e.position <= $3 and e.type = any ($4) and ${SCORES}
         and not exists (select from annals.retracted r
                         where r.tenant_id = $1 and r.position = e.position and r.effective_position = e.position)
       union all
       select r.effective_position, e.type, e.occurred_at, e.entities, true
       from annals.retracted r join annals.events e using (tenant_id, position)
       where r.tenant_id = $1 and r.effective_position > $2 and r.effective_position <= $3 and r.effective_position > r.position
         and e.type = any ($4) and ${SCORES})
     select lead.lead_id, m.at, m.type, m.again, ${micros('m.occurred_at')} as occurred
     from moved m cross join lateral (
       select one ->> 'id' as lead_id from json_array_elements(m.entities::json) as one where one ->> 'type' = 'lead'
       union
       select c.lead_id from json_array_elements(m.entities::json) as one
       join annals_app.lead_contacts c on c.tenant_id = $1 and c.contact_id = one ->> 'id' and c.since_position <= m.at
       where one ->> 'type' = 'contact') lead
     union all
     select c.lead_id, c.since_position, null, true, null from annals_app.lead_contacts c
     where c.tenant_id = $1 and c.since_position > $2 and c.since_position <= $3
     order by at, again`,
    [tenantId, String(after), String(to), types],
  );
  return rows.map(({ lead_id: leadId, at, type, again, occurred }) => ({
    leadId,
    type,
    touch:
      again || type === null
        ? { kind: 'recount', position: BigInt(at) }
        : { kind: 'event', position: BigInt(at), scored: { type, occurredAt: BigInt(occurred ?? 0) } },
  }));
}

/** Everything of `types` that ever counted for these leads up to `to`, by lead. Reads their timelines and those of their contacts. */
export async function leadPasts(
  { pool }: Database,
  { tenantId, to }: Omit<LogPart, 'after'>,
  leadIds: readonly string[],
  types: readonly string[],
): Promise<Map<string, PastEvent[]>> {
  const { rows } = await pool.query<{ lead_id: string; type: string; occurred: string; from: string; until: string | null }>(
    `with refs as (
       select lead_id, annals.ref('lead', lead_id) as ref, 0::bigint as since from unnest($2::text[]) as lead_id
       union all
       select lead_id, annals.ref('contact', contact_id), since_position from annals_app.lead_contacts
       where tenant_id = $1 and lead_id = any ($2) and since_position <= $3),
     rows as materialized (
       select r.lead_id, t.position, t.type, t.occurred_at, t.retracted_at_position as until, min(greatest(t.position, r.since)) as "from"
       from refs r cross join lateral (
         select * from annals.timeline t
         where t.tenant_id = $1 and t.bucket = any (array(select bucket from annals.months where tenant_id = $1)) and t.ref = r.ref
           and t.position <= $3 and t.type = any ($4) offset 0) t
       group by 1, 2, 3, 4, 5)
     select rows.lead_id, rows.type, ${micros('rows.occurred_at')} as occurred, rows."from", rows.until
     from rows cross join lateral (
       select from annals.events e where e.tenant_id = $1 and e.position = rows.position and ${SCORES} offset 0) scores`,
    [tenantId, leadIds, String(to), types],
  );
  const pasts = new Map<string, PastEvent[]>();
  for (const { lead_id: leadId, type, occurred, from, until } of rows) {
    const past = pasts.get(leadId) ?? [];
    past.push({ type, occurredAt: BigInt(occurred), from: BigInt(from), until: until === null ? null : BigInt(until) });
    pasts.set(leadId, past);
  }
  return pasts;
}
