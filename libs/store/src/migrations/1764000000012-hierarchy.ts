import type { MigrationInterface, QueryRunner } from 'typeorm';
import { HIERARCHY_READS } from './hierarchy-reads.js';
import { tenantPolicies } from './tenant-policies.js';

/** Which account stood below which and when, the Hierarchy tab read from it, and what each user has seen. docs/decisions/0044-hierarchy.md */
export class Hierarchy1764000000012 implements MigrationInterface {
  name = 'Hierarchy1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PARENTS);
    await runner.query(HIERARCHY_READS);
    await runner.query(SEEN);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

/** What the log says already when the table is made. */
export const ACCOUNT_PARENTS_SO_FAR = /* sql */ `
insert into annals.account_parents
select e.tenant_id, annals.ref('account', n.account_id), e.occurred_at, e.position, annals.ref('account', n.parent_id), n.account_id, n.parent_id
  from annals.events e
 cross join lateral (select e.entities::json -> 0 ->> 'id', nullif(e.payload::json ->> 'toParentId', '')) n(account_id, parent_id)
 where e.type = 'account.parent_changed';`;

const PARENTS = /* sql */ `
create table annals.account_parents (
  tenant_id   uuid        not null,
  account     uuid        not null,
  occurred_at timestamptz not null,
  position    bigint      not null,
  parent      uuid,
  account_id  text        not null,
  parent_id   text,
  primary key (tenant_id, account, occurred_at, position)
);
create index account_parents_of on annals.account_parents (tenant_id, parent, occurred_at);
comment on table  annals.account_parents is 'Every account.parent_changed: below which account an account stands from a time on, until its next change. Retracted ones stay and count no more.';
comment on column annals.account_parents.tenant_id is 'The tenant.';
comment on column annals.account_parents.account is 'annals.ref(''account'', account_id): the account that moved.';
comment on column annals.account_parents.occurred_at is 'When it moved; of several at one time the latest position counts.';
comment on column annals.account_parents.position is 'The event.';
comment on column annals.account_parents.parent is 'annals.ref(''account'', parent_id); null: it became a top-level account.';
comment on column annals.account_parents.account_id is 'The account that moved, as the producer names it.';
comment on column annals.account_parents.parent_id is 'The new parent, as the producer names it.';

${ACCOUNT_PARENTS_SO_FAR}

-- an account's own moves among its many other entries
create index timeline_parent_changes on annals.timeline (tenant_id, ref, occurred_at, position) where type = 'account.parent_changed';

grant select, insert on annals.account_parents to annals_ingest;
grant select on annals.account_parents to annals_query, annals_automation, annals_admin;
alter table annals.account_parents enable row level security;
create policy query_reads_its_tenant on annals.account_parents for select to annals_query
  using (tenant_id = (select annals.current_tenant()) and (select annals.current_audience()) = 'staff');
create policy automation_reads_all on annals.account_parents for select to annals_automation using (true);
create policy admin_reads_all on annals.account_parents for select to annals_admin using (true);
create policy ingest_passes on annals.account_parents to annals_ingest using (true) with check (true);
`;

const SEEN = /* sql */ `
create table annals_app.seen_marks (
  tenant_id  uuid        not null,
  user_id    text        not null,
  ref        uuid        not null,
  position   bigint      not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, user_id, ref)
);
comment on table  annals_app.seen_marks is 'How far each user has seen each timeline. Marks only move forward.';
comment on column annals_app.seen_marks.tenant_id is 'The tenant.';
comment on column annals_app.seen_marks.user_id is 'The sub of the user''s token.';
comment on column annals_app.seen_marks.ref is 'annals.ref(entity type, entity id); zero: the tenant''s feed.';
comment on column annals_app.seen_marks.position is 'Entries up to this position are seen.';
comment on column annals_app.seen_marks.updated_at is 'When it last moved.';
${tenantPolicies('annals_app.seen_marks')}
`;
