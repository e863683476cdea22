import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose message it was: what the email webhook needs to put a provider's callback on the right timelines. */
export class Mail1764000000014 implements MigrationInterface {
  name = 'Mail1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(ACCESS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const TABLES = /* sql */ `
create table annals_app.mail_messages (
  tenant_id  uuid   not null,
  message_id text   not null,
  position   bigint not null,
  entities   text   not null,
  primary key (tenant_id, message_id)
);
comment on table  annals_app.mail_messages is 'Messages that an email.sent has told of, and to whom they went: the first event of a message stands.';
comment on column annals_app.mail_messages.tenant_id is 'The tenant.';
comment on column annals_app.mail_messages.message_id is 'Id of the message, without angle brackets.';
comment on column annals_app.mail_messages.position is 'The email.sent event.';
comment on column annals_app.mail_messages.entities is 'Its references as canonical JSON.';

create table annals_app.mail_unmatched (
  tenant_id   uuid        not null,
  source      text        not null,
  source_id   text        not null,
  message_ids text[]      not null,
  input       text        not null,
  parked_at   timestamptz not null default now(),
  joined_at   timestamptz,
  primary key (tenant_id, source, source_id)
);
create index mail_unmatched_waiting on annals_app.mail_unmatched using gin (message_ids) where joined_at is null;
create index mail_unmatched_age on annals_app.mail_unmatched (parked_at);
comment on table  annals_app.mail_unmatched is 'Callbacks about messages that nobody has told of yet: they stand on their email thread, and join the timelines when the sender''s event arrives.';
comment on column annals_app.mail_unmatched.tenant_id is 'The tenant.';
comment on column annals_app.mail_unmatched.source is 'CloudEvents source of the event.';
comment on column annals_app.mail_unmatched.source_id is 'CloudEvents id of the event.';
comment on column annals_app.mail_unmatched.message_ids is 'Every id that the message may be known by.';
comment on column annals_app.mail_unmatched.input is 'What happened, as JSON: read by the webhook only.';
comment on column annals_app.mail_unmatched.parked_at is 'When it came.';
comment on column annals_app.mail_unmatched.joined_at is 'When it joined its timelines; null: it waits.';

create table annals_app.webhook_tokens (
  tenant_id uuid        not null,
  token     bytea       not null,
  body      bytea       not null,
  used_at   timestamptz not null default now(),
  primary key (tenant_id, token)
);
create index webhook_tokens_age on annals_app.webhook_tokens (used_at);
comment on table  annals_app.webhook_tokens is 'Signatures that do not cover the body are good for one body: tokens that were used.';
comment on column annals_app.webhook_tokens.tenant_id is 'The tenant.';
comment on column annals_app.webhook_tokens.token is 'SHA-256 of provider and token.';
comment on column annals_app.webhook_tokens.body is 'SHA-256 of the body it came with.';
comment on column annals_app.webhook_tokens.used_at is 'When it was used.';
`;

const OWN = ['mail_messages', 'mail_unmatched', 'webhook_tokens'];

/** A process on the open internet: it sees one tenant a transaction, of the log only who was written to, and nothing else. */
const ACCESS = /* sql */ `
grant usage on schema annals_app to annals_webhook;
${OWN.map(
  (table) => `
revoke all on annals_app.${table} from annals_app, annals_automation;
grant select, insert, update, delete on annals_app.${table} to annals_webhook;
alter table annals_app.${table} enable row level security;
create policy webhook_keeps_to_its_tenant on annals_app.${table} to annals_webhook
  using (tenant_id = (select annals.current_tenant())) with check (tenant_id = (select annals.current_tenant()));
create policy admin_reads_all on annals_app.${table} for select to annals_admin using (true);`,
).join('\n')}

grant select (tenant_id, position, type, entities, payload) on annals.events to annals_webhook;
create policy webhook_reads_who_was_written_to on annals.events for select to annals_webhook
  using (type = 'email.sent' and tenant_id = (select annals.current_tenant()));
grant select on annals.heads to annals_webhook;
create policy webhook_sees_growth on annals.heads for select to annals_webhook using (true);
grant select, insert, update on annals.checkpoints to annals_webhook;
create policy webhook_keeps_its_checkpoint on annals.checkpoints to annals_webhook
  using (consumer = 'mail-messages') with check (consumer = 'mail-messages');

-- age alone decides: one statement for all tenants, which row-level security would hide from the webhook
create function annals_app.forget_old_mail() returns bigint
  language sql security definer set search_path = pg_catalog, annals_app as $$
  with tokens as (delete from annals_app.webhook_tokens where used_at < now() - interval '2 days' returning 1),
       unmatched as (delete from annals_app.mail_unmatched where parked_at < now() - interval '30 days' returning 1)
  select (select count(*) from tokens) + (select count(*) from unmatched);
$$;
comment on function annals_app.forget_old_mail() is 'Deletes used tokens after two days, and unmatched callbacks after thirty.';
revoke execute on function annals_app.forget_old_mail() from public;
grant execute on function annals_app.forget_old_mail() to annals_webhook;
`;
