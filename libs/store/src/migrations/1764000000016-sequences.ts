import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantPolicies } from './tenant-policies.js';

/** Sequences and playbooks as data, who is on the way through them, and what is to be published about it. */
export class Sequences1764000000016 implements MigrationInterface {
  name = 'Sequences1764000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DEFINITIONS);
    await runner.query(ENROLLMENTS);
    await runner.query(REST);
    await runner.query(ACCESS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const definitions = (table: string, what: string): string => /* sql */ `
create table annals_app.${table} (
  tenant_id     uuid        not null,
  id            text        not null,
  version       int         not null,
  definition    text        not null,
  types         text[]      not null,
  from_position bigint      not null,
  created_by    text        not null,
  created_at    timestamptz not null default now(),
  primary key (tenant_id, id, version)
);
comment on table  annals_app.${table} is '${what} as data. A version never changes: the newest starts what is new.';
comment on column annals_app.${table}.tenant_id is 'The tenant.';
comment on column annals_app.${table}.id is 'Chosen by the tenant.';
comment on column annals_app.${table}.version is '1, 2, 3 …';
comment on column annals_app.${table}.definition is 'JSON as libs/sequences accepted it.';
comment on column annals_app.${table}.types is 'Event types it has to hear of.';
comment on column annals_app.${table}.from_position is 'It starts on events behind this position.';
comment on column annals_app.${table}.created_by is 'Who saved it.';
comment on column annals_app.${table}.created_at is 'When.';
`;

const DEFINITIONS = definitions('sequences', 'Nurture sequences') + definitions('playbooks', 'Playbooks');

const ENROLLMENTS = /* sql */ `
create table annals_app.enrollments (
  tenant_id   uuid        not null,
  id          uuid        not null,
  sequence_id text        not null,
  version     int         not null,
  lead        text        not null,
  contact     text,
  account     text,
  state       text        not null,
  step        int         not null,
  channel     text        not null,
  due_at      timestamptz not null,
  told        int         not null,
  address     text,
  name        text,
  delivery    text,
  attempts    int         not null default 0,
  not_before  timestamptz,
  enrolled_at timestamptz not null,
  changed_at  timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, sequence_id, version) references annals_app.sequences,
  check (state in ('active', 'paused', 'exited', 'finished')),
  check (channel in ('email', 'task', 'call')),
  check (delivery = 'sending')
);
create unique index enrollments_live on annals_app.enrollments (tenant_id, sequence_id, lead) where state in ('active', 'paused');
create index enrollments_lead on annals_app.enrollments (tenant_id, lead);
create index enrollments_contact on annals_app.enrollments (tenant_id, contact) where contact is not null;
create index enrollments_account on annals_app.enrollments (tenant_id, account) where account is not null and state in ('active', 'paused');
create index enrollments_listed on annals_app.enrollments (tenant_id, sequence_id, id);
create index enrollments_due_reminders on annals_app.enrollments (due_at) where state = 'active' and channel <> 'email';
create index enrollments_due_emails on annals_app.enrollments ((greatest(due_at, not_before))) where state = 'active' and channel = 'email' and delivery is null;
create index enrollments_sending on annals_app.enrollments (not_before) where delivery = 'sending';
comment on table  annals_app.enrollments is 'Who is, or was, on the way through a version of a sequence. At most one live one per sequence and lead.';
comment on column annals_app.enrollments.tenant_id is 'The tenant.';
comment on column annals_app.enrollments.id is 'Ids of the events about it begin with it.';
comment on column annals_app.enrollments.sequence_id is 'The sequence.';
comment on column annals_app.enrollments.version is 'The version it was begun with, and is ended with.';
comment on column annals_app.enrollments.lead is 'The lead or contact, type/id.';
comment on column annals_app.enrollments.contact is 'contact/id, where one is known.';
comment on column annals_app.enrollments.account is 'account/id, where one is known.';
comment on column annals_app.enrollments.state is 'active, paused, exited, finished.';
comment on column annals_app.enrollments.step is 'Index of the next step, from 0.';
comment on column annals_app.enrollments.channel is 'Of the next step; of the last where there is none.';
comment on column annals_app.enrollments.due_at is 'When the next step is due, also while paused.';
comment on column annals_app.enrollments.told is 'Events published about it.';
comment on column annals_app.enrollments.address is 'E-mail address given at enrolment; null: the one in sequence_people. Personal data.';
comment on column annals_app.enrollments.name is 'Name given at enrolment. Personal data.';
comment on column annals_app.enrollments.delivery is 'sending: the message of the next step may be leaving now.';
comment on column annals_app.enrollments.attempts is 'Attempts of the next step that failed and are made again.';
comment on column annals_app.enrollments.not_before is 'While sending: when its sender is taken for dead; else: the next attempt.';
comment on column annals_app.enrollments.enrolled_at is 'When it began.';
comment on column annals_app.enrollments.changed_at is 'When it last changed.';
`;

const REST = /* sql */ `
create table annals_app.sequence_people (
  tenant_id uuid   not null,
  ref       text   not null,
  name      text,
  address   text,
  position  bigint not null,
  primary key (tenant_id, ref)
);
comment on table  annals_app.sequence_people is 'How to reach leads and contacts by e-mail, as the log tells it. Personal data: deleted when the subject is erased.';
comment on column annals_app.sequence_people.tenant_id is 'The tenant.';
comment on column annals_app.sequence_people.ref is 'type/id.';
comment on column annals_app.sequence_people.name is 'The name that was told last.';
comment on column annals_app.sequence_people.address is 'The address that was told last.';
comment on column annals_app.sequence_people.position is 'The event that told it.';

create table annals_app.playbook_runs (
  tenant_id   uuid        not null,
  playbook_id text        not null,
  version     int         not null,
  event_id    uuid        not null,
  position    bigint      not null,
  outcome     text        not null,
  ran_at      timestamptz not null,
  primary key (tenant_id, event_id, playbook_id, version),
  check (outcome in ('completed', 'failed', 'skipped'))
);
comment on table  annals_app.playbook_runs is 'Which version of a playbook ran on which event: once each.';
comment on column annals_app.playbook_runs.tenant_id is 'The tenant.';
comment on column annals_app.playbook_runs.playbook_id is 'The playbook.';
comment on column annals_app.playbook_runs.version is 'Its version.';
comment on column annals_app.playbook_runs.event_id is 'The event that started it.';
comment on column annals_app.playbook_runs.position is 'Position of the event.';
comment on column annals_app.playbook_runs.outcome is 'completed; failed: an action could not be done; skipped: there was nothing to do.';
comment on column annals_app.playbook_runs.ran_at is 'When.';

create table annals_app.sequence_outbox (
  id        bigint      generated always as identity primary key,
  tenant_id uuid        not null,
  record    text        not null,
  made_at   timestamptz not null default now()
);
comment on table  annals_app.sequence_outbox is 'Records on their way to Kafka: written in the transaction that makes them true, deleted once Kafka has them.';
comment on column annals_app.sequence_outbox.id is 'Records are published in this order.';
comment on column annals_app.sequence_outbox.tenant_id is 'The tenant.';
comment on column annals_app.sequence_outbox.record is 'The record as JSON: topic, key, headers, value. The event id in it makes a repetition harmless.';
comment on column annals_app.sequence_outbox.made_at is 'When.';
`;

const TABLES = ['sequences', 'playbooks', 'enrollments', 'sequence_people', 'playbook_runs', 'sequence_outbox'];

/** The engine works for all tenants and reads every event; the routes write definitions and enrolments of one tenant, and see no address book. */
const ACCESS = /* sql */ `
grant usage on schema annals_app to annals_sequences;
${TABLES.map(
  (table) => `${tenantPolicies(`annals_app.${table}`)}
revoke all on annals_app.${table} from annals_automation;
grant select, insert, update, delete on annals_app.${table} to annals_sequences;
create policy sequences_passes on annals_app.${table} to annals_sequences using (true) with check (true);`,
).join('\n')}
revoke all on annals_app.sequence_people from annals_app;
revoke insert, update, delete on annals_app.playbook_runs from annals_app;
revoke select, update, delete on annals_app.sequence_outbox from annals_app;
revoke update, delete on annals_app.sequences, annals_app.playbooks from annals_app, annals_sequences;
revoke insert on annals_app.sequences, annals_app.playbooks from annals_sequences;

grant select on annals.events, annals.heads, annals_app.rules_began to annals_sequences;
grant execute on function annals_app.count_types(), annals_app.types_of(uuid[]) to annals_sequences;
${['annals.events', 'annals.heads', 'annals_app.rules_began']
  .map((table) => `create policy sequences_reads_all on ${table} for select to annals_sequences using (true);`)
  .join('\n')}
grant select, insert, update on annals.checkpoints to annals_sequences;
create policy sequences_keeps_its_checkpoint on annals.checkpoints to annals_sequences
  using (consumer = 'sequences') with check (consumer = 'sequences');
`;
