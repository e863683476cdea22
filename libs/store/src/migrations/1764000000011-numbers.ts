import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantPolicies } from './tenant-policies.js';

/** Roll-ups of the log, and scores of leads with the models they are made by. docs/decisions/0043-roll-ups-and-scores.md */
export class Numbers1764000000011 implements MigrationInterface {
  name = 'Numbers1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROLLUPS);
    await runner.query(READ_ROLLUPS);
    await runner.query(SCORES);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const ROLLUPS = /* sql */ `
create table annals.rollups (
  tenant_id uuid   not null,
  dimension text   not null,
  day       date   not null,
  key       text   not null,
  type      text   not null,
  entries   bigint not null,
  primary key (tenant_id, dimension, day, key, type)
) with (fillfactor = 70);
comment on table  annals.rollups is 'Unretracted events per UTC day, as of the checkpoint rollups: what org-wide reads are answered from.';
comment on column annals.rollups.tenant_id is 'The tenant.';
comment on column annals.rollups.dimension is 'actor_kind (every event stands there once), account (once for each account it refers to) or user (once, if a person did it).';
comment on column annals.rollups.day is 'UTC day of occurred_at.';
comment on column annals.rollups.key is 'human, agent or system; the account''s id; the person''s id.';
comment on column annals.rollups.type is 'Canonical type.';
comment on column annals.rollups.entries is 'Events that show as of the checkpoint; 0: all were taken back.';

alter table annals.rollups enable row level security;
grant select, insert, update on annals.rollups to annals_automation;
grant select on annals.rollups to annals_query, annals_admin;
create policy query_reads_its_tenant on annals.rollups for select to annals_query using (
  tenant_id = (select annals.current_tenant()) and (select annals.current_audience()) = 'staff');
create policy automation_passes on annals.rollups to annals_automation using (true) with check (true);
create policy admin_reads_all on annals.rollups for select to annals_admin using (true);
`;

const READ_ROLLUPS = /* sql */ `
create function annals.read_rollups(
    reader_tenant uuid, wanted_dimension text, by_type boolean, from_day date, to_day date, unit text,
    wanted_types text[], wanted_key text, most_keys integer)
  returns table (as_of bigint, head bigint, items jsonb)
  language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
begin
  head := annals.begin_read(reader_tenant, 'staff', null);
  as_of := coalesce((select c.position from annals.checkpoints c where c.consumer = 'rollups' and c.tenant_id = reader_tenant), 0);
  with counted as (
    select date_trunc(unit, r.day::timestamp)::date as period, case when by_type then r.type else r.key end as name, sum(r.entries) as entries
      from annals.rollups r
     where r.tenant_id = reader_tenant and r.dimension = wanted_dimension and r.day between from_day and to_day
       and (wanted_key is null or r.key = wanted_key) and (wanted_types is null or r.type = any (wanted_types))
     group by 1, 2 having sum(r.entries) <> 0),
  most as (select c.name from counted c group by c.name order by sum(c.entries) desc, c.name limit most_keys)
  select coalesce(jsonb_agg(jsonb_build_array(c.period, c.name, c.entries) order by c.period, c.name), '[]')
    into items from counted c join most using (name);
  return next;
end $$;
comment on function annals.read_rollups(uuid, text, boolean, date, date, text, text[], text, integer) is
  'Counts per period and key of the keys with most, for staff; as_of: the position they stand for. Reads roll-ups only, never the log.';
`;

const SCORES = /* sql */ `
create table annals_app.score_models (
  tenant_id     uuid        not null,
  version       integer     not null,
  model         jsonb       not null,
  from_position bigint,
  created_by    text        not null,
  created_at    timestamptz not null default now(),
  primary key (tenant_id, version)
);
comment on table  annals_app.score_models is 'How a tenant scores its leads; versions never change. A tenant without any has the default of libs/scores, version 0.';
comment on column annals_app.score_models.tenant_id is 'The tenant.';
comment on column annals_app.score_models.version is '1, 2, 3 …; the newest is in force.';
comment on column annals_app.score_models.model is 'Weights, half-life, bands and smallest change, as libs/scores checks them.';
comment on column annals_app.score_models.from_position is 'Events after this position are scored by it; null: the engine has not seen it yet.';
comment on column annals_app.score_models.created_by is 'Who saved it.';
comment on column annals_app.score_models.created_at is 'When it was saved.';

create table annals_app.lead_scores (
  tenant_id       uuid        not null,
  lead_id         text        not null,
  position        bigint      not null,
  model_version   integer     not null,
  newest          timestamptz,
  points          jsonb       not null,
  score           integer     not null,
  band            text        not null,
  published_score integer     not null,
  published_band  text        not null,
  updated_at      timestamptz not null default now(),
  primary key (tenant_id, lead_id)
) with (fillfactor = 70);
comment on table  annals_app.lead_scores is 'Score of each lead as of its last event; follows from the log alone and may be rebuilt from it.';
comment on column annals_app.lead_scores.tenant_id is 'The tenant.';
comment on column annals_app.lead_scores.lead_id is 'The lead.';
comment on column annals_app.lead_scores.position is 'Everything that touches the lead up to here is counted.';
comment on column annals_app.lead_scores.model_version is 'annals_app.score_models.version that the points are made by; 0: the default.';
comment on column annals_app.lead_scores.newest is 'occurred_at of the newest event that counts: decay is measured to it; null: none counts.';
comment on column annals_app.lead_scores.points is 'Type to decayed points.';
comment on column annals_app.lead_scores.score is '0 to 100.';
comment on column annals_app.lead_scores.band is 'Name of the band the score lies in.';
comment on column annals_app.lead_scores.published_score is 'newScore of the last lead.score_updated; 0 before the first.';
comment on column annals_app.lead_scores.published_band is 'newBand of the last lead.score_updated.';
comment on column annals_app.lead_scores.updated_at is 'When the row was last written.';

create table annals_app.lead_contacts (
  tenant_id      uuid   not null,
  contact_id     text   not null,
  lead_id        text   not null,
  since_position bigint not null,
  primary key (tenant_id, contact_id, lead_id)
);
create index lead_contacts_by_lead on annals_app.lead_contacts (tenant_id, lead_id);
comment on table  annals_app.lead_contacts is 'Which leads are which contacts, as lead.added and contact.added say: events of the contact count for the lead.';
comment on column annals_app.lead_contacts.tenant_id is 'The tenant.';
comment on column annals_app.lead_contacts.contact_id is 'The contact.';
comment on column annals_app.lead_contacts.lead_id is 'The lead.';
comment on column annals_app.lead_contacts.since_position is 'The first event that says so.';
${['score_models', 'lead_scores', 'lead_contacts'].map((table) => tenantPolicies(`annals_app.${table}`)).join('')}`;
