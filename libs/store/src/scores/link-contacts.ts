import { leadSources, type ContactLink, type ContactMerge } from '#libs/scores';
import type { TenantClient } from '../connect/in-tenant.js';
import { inTransaction } from '../connect/in-transaction.js';
import type { Database } from '../connect/open-database.js';

/** Part of a tenant's log: (after, to]. */
export interface LogPart {
  readonly tenantId: string;
  readonly after: bigint;
  readonly to: bigint;
}

/**
 * Notes whose events count for which leads as a part of the log says: lead.added and contact.added tell which contact is which lead, and leads
 * follow the merges of contacts, as timelines do. Harmless to repeat, and one statement where no contact was ever merged. Must be done before
 * `leadTouches` of the same part.
 */
export async function linkContacts(database: Database, part: LogPart): Promise<void> {
  const { tenantId, after, to } = part;
  const { rows } = await database.pool.query<{ changed: string[] }>(NOTE_LINKS, [tenantId, String(after), String(to)]);
  const changed = rows[0]?.changed ?? [];
  if (changed.length > 0) await inTransaction(database, (client) => followMerges(client, tenantId, changed));
}

/** Answers with the contacts whose sources must be found out; where nobody was merged they are plain. */
const NOTE_LINKS = `
  with found as materialized (
    select contact ->> 'id' as contact_id, lead ->> 'id' as lead_id, min(e.position) as since, annals.ref('contact', contact ->> 'id') as ref
    from annals.events e cross join json_array_elements(e.entities::json) as contact cross join json_array_elements(e.entities::json) as lead
    where e.tenant_id = $1 and e.position > $2 and e.position <= $3 and e.type in ('lead.added', 'contact.added')
      and contact ->> 'type' = 'contact' and lead ->> 'type' = 'lead'
    group by 1, 2),
  any_merge as (select exists (select from annals.merges where tenant_id = $1) as merged),
  noted as (
    insert into annals_app.lead_contacts (tenant_id, contact_id, lead_id, since_position, ref)
    select $1, contact_id, lead_id, since, ref from found order by contact_id, lead_id
    on conflict do nothing
    returning contact_id, lead_id),
  plain as (
    insert into annals_app.lead_sources (tenant_id, ref, lead_id, from_position)
    select $1, ref, lead_id, since from found join noted using (contact_id, lead_id) cross join any_merge
    where not merged order by ref, lead_id
    on conflict do nothing)
  select array(
    select ref from found cross join any_merge where merged
    union
    select unnest(array[from_ref, into_ref]) from annals.merges where tenant_id = $1 and merged_at_position > $2 and merged_at_position <= $3
    union
    select unnest(array[from_ref, into_ref]) from annals.merges
    where tenant_id = $1 and unmerged_at_position > $2 and unmerged_at_position <= $3) as changed`;

/**
 * Finds out anew who counts for whom, for all whom these contacts have ever had to do with by merges or by leads in common. Merges further on in
 * the log are known already: they change nothing before them, and whoever comes late with an earlier part cannot make them forgotten.
 */
async function followMerges(client: TenantClient, tenantId: string, contacts: readonly string[]): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('annals lead sources ' || $1, 0))`, [tenantId]);
  const { links, merges } = await peopleAround(client, tenantId, contacts);
  if (links.length === 0) return;
  const sources = leadSources(links, merges);
  await client.query('delete from annals_app.lead_sources where tenant_id = $1 and lead_id = any ($2)', [
    tenantId,
    [...new Set(links.map(({ lead }) => lead))],
  ]);
  await client.query(
    `insert into annals_app.lead_sources (tenant_id, ref, lead_id, from_position, until_position)
     select $1, coalesce(contact, annals.ref('lead', of_lead)), lead_id, from_position, until_position
     from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) as s (contact, of_lead, lead_id, from_position, until_position)`,
    [
      tenantId,
      sources.map(({ of }) => ('contact' in of ? of.contact : null)),
      sources.map(({ of }) => ('lead' in of ? of.lead : null)),
      sources.map(({ lead }) => lead),
      sources.map(({ from }) => String(from)),
      sources.map(({ until }) => (until === null ? null : String(until))),
    ],
  );
}

interface PeopleRow {
  readonly links: readonly { readonly contact: string; readonly lead: string; readonly since: string }[];
  readonly merges: readonly { readonly from: string; readonly into: string; readonly at: string; readonly until: string | null }[];
}

async function peopleAround(
  client: TenantClient,
  tenantId: string,
  contacts: readonly string[],
): Promise<{ links: ContactLink[]; merges: ContactMerge[] }> {
  const { rows } = await client.query<PeopleRow>(PEOPLE, [tenantId, contacts]);
  const { links = [], merges = [] } = rows[0] ?? {};
  return {
    links: links.map(({ since, ...link }) => ({ ...link, since: BigInt(since) })),
    merges: merges.map(({ at, until, ...merge }) => ({ ...merge, at: BigInt(at), until: until === null ? null : BigInt(until) })),
  };
}

const PEOPLE = `
  with recursive reached (ref) as (
    select unnest($2::uuid[])
    union
    select next.ref from reached r cross join lateral (
      select m.into_ref as ref from annals.merges m where m.tenant_id = $1 and m.from_ref = r.ref
      union all
      select m.from_ref from annals.merges m where m.tenant_id = $1 and m.into_ref = r.ref
      union all
      select other.ref from annals_app.lead_contacts l join annals_app.lead_contacts other using (tenant_id, lead_id)
      where l.tenant_id = $1 and l.ref = r.ref) next),
  links as (select l.ref as contact, l.lead_id as lead, l.since_position::text as since
            from reached join annals_app.lead_contacts l on l.tenant_id = $1 and l.ref = reached.ref),
  merges as (select m.from_ref as "from", m.into_ref as "into", m.merged_at_position::text as at,
                    m.unmerged_at_position::text as until
             from reached join annals.merges m on m.tenant_id = $1 and m.from_ref = reached.ref)
  select coalesce((select json_agg(links) from links), '[]') as links, coalesce((select json_agg(merges) from merges), '[]') as merges`;
