import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is deleted by age, and how deep the past is closed then: what was forgotten must not happen again. docs/operating.md */
export class Retention1764000000018 implements MigrationInterface {
  name = 'Retention1764000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(ACCESS);
    await runner.query(BY_TIME);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const TABLE = /* sql */ `
create table annals_app.horizons (
  consumer  text   not null check (consumer in ('rules', 'enrichment')),
  tenant_id uuid   not null,
  position  bigint not null,
  primary key (consumer, tenant_id)
);
comment on table  annals_app.horizons is 'How deep the past is closed: what a consumer kept of events up to there has been pruned, so it does nothing about them any more.';
comment on column annals_app.horizons.consumer is 'rules: annals_app.effects; enrichment: annals_app.enrichment_requests.';
comment on column annals_app.horizons.tenant_id is 'The tenant.';
comment on column annals_app.horizons.position is 'The last event that is closed. Never moves back, and is never ahead of the checkpoint.';

create index notifications_by_age on annals_app.notifications (created_at) where relayed_at is not null;
create index notifications_read on annals_app.notifications (read_at) where read_at is not null;
create index enrichment_requests_settled on annals_app.enrichment_requests (changed_at) where state in ('published', 'nothing', 'parked');
`;

/** Each of the two that prune sees its own part, and cannot reopen it. */
const ACCESS = /* sql */ `
revoke all on annals_app.horizons from annals_app, annals_automation;
grant select, insert, update on annals_app.horizons to annals_automation, annals_enrichment;
alter table annals_app.horizons enable row level security;
create policy automation_keeps_its_horizon on annals_app.horizons to annals_automation
  using (consumer = 'rules') with check (consumer = 'rules');
create policy enrichment_keeps_its_horizon on annals_app.horizons to annals_enrichment
  using (consumer = 'enrichment') with check (consumer = 'enrichment');
create policy admin_reads_all on annals_app.horizons for select to annals_admin using (true);
grant delete on annals_app.enrichment_requests to annals_enrichment;
`;

/** appended_at never decreases with position: thirty looks at the primary key, whatever the length of the log. */
const BY_TIME = /* sql */ `
create function annals.position_before(tenant uuid, moment timestamptz) returns bigint
  language plpgsql stable set search_path = pg_catalog, annals as $$
declare
  low    bigint := 0;
  high   bigint := coalesce((select h.position from annals.heads h where h.tenant_id = tenant), 0);
  middle bigint;
begin
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select e.appended_at from annals.events e where e.tenant_id = tenant and e.position = middle) < moment then
      low := middle;
    else
      high := middle - 1;
    end if;
  end loop;
  return low;
end
$$;
comment on function annals.position_before(uuid, timestamptz) is 'The last event of the tenant that was appended before the moment; 0: none was.';
revoke execute on function annals.position_before(uuid, timestamptz) from public;
grant execute on function annals.position_before(uuid, timestamptz) to annals_query, annals_automation;
`;
