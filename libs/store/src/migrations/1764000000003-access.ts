import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may do what: grants per role, and row-level security as the second wall between tenants. */
export class Access1764000000003 implements MigrationInterface {
  name = 'Access1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(GRANTS);
    await runner.query(ROW_SECURITY);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const GRANTS = /* sql */ `
create schema annals_app;
comment on schema annals_app is 'What follows from events: rules, notifications, effects, seen marks. No right on the log comes with it.';

grant usage on schema annals to annals_ingest, annals_query, annals_admin;
grant usage on schema annals_app to annals_app, annals_admin;
alter default privileges in schema annals_app grant select, insert, update, delete on tables to annals_app;
alter default privileges in schema annals_app grant usage on sequences to annals_app;
alter default privileges in schema annals_app grant select on tables to annals_admin;

grant select on annals.migrations to annals_ingest, annals_query, annals_admin;
grant usage on schema annals to annals_app;
grant select on annals.migrations to annals_app;

grant select, insert on annals.events, annals.timeline, annals.months, annals.retractions, annals.retracted,
  annals.comments, annals.merges, annals.unmerges to annals_ingest;
grant select, insert, update on annals.heads, annals.offsets, annals.timeline_counts, annals.checkpoints to annals_ingest;
grant select, insert, update, delete on annals.dead_letters to annals_ingest;
grant delete on annals.timeline_counts to annals_ingest;
grant update (retracted_at_position) on annals.timeline to annals_ingest;
grant update (unmerged_at_position) on annals.merges to annals_ingest;

grant select on annals.events, annals.timeline, annals.months, annals.retractions, annals.retracted,
  annals.comments, annals.merges, annals.unmerges, annals.heads, annals.timeline_counts, annals.checkpoints to annals_query;

grant select on all tables in schema annals to annals_admin;
grant update, delete on annals.dead_letters to annals_admin;
grant update on annals.offsets to annals_admin;
`;

/** Tables that only staff may see in part or whole; `extra` is what a customer may. */
const CUSTOMER_PART = new Map([
  ['events', 'customer_visible and entities::jsonb @> (select annals.current_customer_entities())'],
  ['timeline', 'customer_visible and ref = (select annals.current_customer_ref())'],
  ['months', 'true'],
  ['heads', 'true'],
  // those of the events it sees: the policy of events holds inside
  ['retracted', 'exists (select from annals.events e where e.tenant_id = retracted.tenant_id and e.position = retracted.position)'],
]);
const STAFF_ONLY = ['retractions', 'comments', 'merges', 'unmerges', 'timeline_counts', 'checkpoints'];

const policies = (table: string, customerPart: string | undefined): string => /* sql */ `
alter table annals.${table} enable row level security;
create policy query_reads_its_tenant on annals.${table} for select to annals_query using (
  tenant_id = (select annals.current_tenant())
  and ((select annals.current_audience()) = 'staff'${
    customerPart === undefined ? '' : `\n       or (select annals.current_audience()) = 'customer' and ${customerPart}`
  }));
create policy admin_reads_all on annals.${table} for select to annals_admin using (true);
create policy ingest_passes on annals.${table} to annals_ingest using (true) with check (true);
`;

const ROW_SECURITY = [
  ...[...CUSTOMER_PART].map(([table, part]) => policies(table, part)),
  ...STAFF_ONLY.map((table) => policies(table, undefined)),
].join('');
