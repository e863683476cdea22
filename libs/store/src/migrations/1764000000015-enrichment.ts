import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the enrichment worker is asked, how far it is with it, and what it found. */
export class Enrichment1764000000015 implements MigrationInterface {
  name = 'Enrichment1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(ACCESS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const TABLE = /* sql */ `
create table annals_app.enrichment_requests (
  tenant_id  uuid        not null,
  event_id   uuid        not null,
  position   bigint      not null,
  entities   text        not null,
  domain     text,
  state      text        not null,
  attempts   int         not null default 0,
  next_at    timestamptz not null default now(),
  reason     text,
  record     text,
  changed_at timestamptz not null default now(),
  primary key (tenant_id, event_id),
  check (state in ('waiting', 'found', 'published', 'nothing', 'parked'))
);
create index enrichment_requests_due on annals_app.enrichment_requests (next_at) where state in ('waiting', 'found');
comment on table  annals_app.enrichment_requests is 'One row per account or contact that was added: asked once, answered at most once.';
comment on column annals_app.enrichment_requests.tenant_id is 'The tenant.';
comment on column annals_app.enrichment_requests.event_id is 'The account.added or contact.added event.';
comment on column annals_app.enrichment_requests.position is 'Its position.';
comment on column annals_app.enrichment_requests.entities is 'Its references as canonical JSON, the primary one first.';
comment on column annals_app.enrichment_requests.domain is 'Domain of the company, as the event tells it; null: it tells none.';
comment on column annals_app.enrichment_requests.state is 'waiting; found: what was found is to be published; published; nothing: nobody knew anything; parked: it cannot be answered, see reason.';
comment on column annals_app.enrichment_requests.attempts is 'How often providers were asked.';
comment on column annals_app.enrichment_requests.next_at is 'Not before; while one works on it, when it is taken for dead.';
comment on column annals_app.enrichment_requests.reason is 'Why it is parked, or why the last attempt failed. No personal data.';
comment on column annals_app.enrichment_requests.record is 'What is to be published, word for word: a restart publishes the same.';
comment on column annals_app.enrichment_requests.changed_at is 'When the row last changed.';
`;

/** It reads of the log only who was added, and sees nothing else. */
const ACCESS = /* sql */ `
grant usage on schema annals, annals_app to annals_enrichment;
grant select on annals.migrations to annals_enrichment;
revoke all on annals_app.enrichment_requests from annals_app, annals_automation;
grant select, insert, update on annals_app.enrichment_requests to annals_enrichment;
alter table annals_app.enrichment_requests enable row level security;
create policy enrichment_works_for_all on annals_app.enrichment_requests to annals_enrichment using (true) with check (true);
create policy admin_reads_all on annals_app.enrichment_requests for select to annals_admin using (true);
grant update (state, next_at, attempts) on annals_app.enrichment_requests to annals_admin;
create policy admin_tries_again on annals_app.enrichment_requests for update to annals_admin using (true);

grant select (tenant_id, position, id, type, ingest_mode, entities, payload) on annals.events to annals_enrichment;
create policy enrichment_reads_who_was_added on annals.events for select to annals_enrichment
  using (type in ('account.added', 'contact.added'));
grant select on annals.heads to annals_enrichment;
create policy enrichment_sees_growth on annals.heads for select to annals_enrichment using (true);
grant select, insert, update on annals.checkpoints to annals_enrichment;
create policy enrichment_keeps_its_checkpoint on annals.checkpoints to annals_enrichment
  using (consumer = 'enrichment') with check (consumer = 'enrichment');
`;
