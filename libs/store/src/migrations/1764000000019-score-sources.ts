import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantPolicies } from './tenant-policies.js';

/** Scores follow merges, and changed weights of tenants' own types have a place in the log. docs/decisions/0043-roll-ups-and-scores.md */
export class ScoreSources1764000000019 implements MigrationInterface {
  name = 'ScoreSources1764000000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SOURCES);
    await runner.query(TYPE_WEIGHTS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const SOURCES = /* sql */ `
alter table annals_app.lead_contacts add column ref uuid;
update annals_app.lead_contacts set ref = annals.ref('contact', contact_id);
alter table annals_app.lead_contacts alter column ref set not null;
comment on column annals_app.lead_contacts.ref is 'annals.ref of the contact.';
create index lead_contacts_by_ref on annals_app.lead_contacts (tenant_id, ref);
create index merges_undone on annals.merges (tenant_id, unmerged_at_position) where unmerged_at_position is not null;

create table annals_app.lead_sources (
  tenant_id      uuid   not null,
  ref            uuid   not null,
  lead_id        text   not null,
  from_position  bigint not null,
  until_position bigint,
  primary key (tenant_id, ref, lead_id, from_position)
);
create index lead_sources_by_lead on annals_app.lead_sources (tenant_id, lead_id);
create index lead_sources_begun on annals_app.lead_sources (tenant_id, from_position);
create index lead_sources_ended on annals_app.lead_sources (tenant_id, until_position) where until_position is not null;
comment on table  annals_app.lead_sources is
  'Whose events count for which lead, in which part of the log: follows from lead_contacts and annals.merges. A lead that is not in it as a ref counts for itself.';
comment on column annals_app.lead_sources.tenant_id is 'The tenant.';
comment on column annals_app.lead_sources.ref is 'annals.ref of the contact or lead whose events count.';
comment on column annals_app.lead_sources.lead_id is 'The lead that they count for.';
comment on column annals_app.lead_sources.from_position is 'The event by which they came to count.';
comment on column annals_app.lead_sources.until_position is 'The event by which they stopped to; null: they count.';
${tenantPolicies('annals_app.lead_sources')}
insert into annals_app.lead_sources (tenant_id, ref, lead_id, from_position)
  select tenant_id, ref, lead_id, since_position from annals_app.lead_contacts;

alter table annals_app.lead_scores alter column score drop not null, alter column band drop not null;
comment on column annals_app.lead_scores.score is '0 to 100; null: it has none of its own, since its events count for the lead that its contact was merged into.';
comment on column annals_app.lead_scores.band is 'Name of the band the score lies in; null: as score.';
`;

const TYPE_WEIGHTS = /* sql */ `
alter table annals_app.score_models alter column model drop not null, add column type_weights jsonb not null default '{}';
comment on column annals_app.score_models.model is 'Weights, half-life, bands and smallest change, as libs/scores checks them; null: the default of libs/scores.';
comment on column annals_app.score_models.type_weights is
  'The tenant''s own types that changed their weight since they were registered, with the weight; null: none. The model''s own weights come first.';
comment on column annals_app.score_models.created_by is 'Who saved it, or the version of the type that changed a weight.';
`;
