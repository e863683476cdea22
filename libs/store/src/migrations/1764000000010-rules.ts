import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantPolicies } from './tenant-policies.js';

/** Rules of tenants, what became of them, and whom they told. docs/decisions/0042-automation.md */
export class Rules1764000000010 implements MigrationInterface {
  name = 'Rules1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(COMMENTS);
    await runner.query(
      ['rules', 'rule_versions', 'effects', 'notifications', 'tag_changes', 'rules_began']
        .map((table) => tenantPolicies(`annals_app.${table}`))
        .join(''),
    );
    await runner.query(HISTORY);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const TABLES = /* sql */ `
create table annals_app.rules (
  tenant_id  uuid        not null,
  id         uuid        not null,
  version    int         not null,
  created_by text        not null,
  created_at timestamptz not null default now(),
  deleted_by text,
  deleted_at timestamptz,
  primary key (tenant_id, id)
);

create table annals_app.rule_versions (
  tenant_id     uuid        not null,
  rule_id       uuid        not null,
  version       int         not null,
  enabled       boolean     not null,
  definition    text        not null,
  from_position bigint      not null,
  to_position   bigint,
  created_by    text        not null,
  created_at    timestamptz not null default now(),
  primary key (tenant_id, rule_id, version)
);

create table annals_app.effects (
  tenant_id    uuid        not null,
  rule_id      text        not null,
  rule_version int         not null,
  event_id     uuid        not null,
  recipient    text        not null,
  position     bigint      not null,
  outcome      text        not null check (outcome in ('fired', 'held: backfill', 'too old', 'retracted')),
  decided_at   timestamptz not null default now(),
  primary key (tenant_id, rule_id, rule_version, event_id, recipient)
);
create index effects_of_rule on annals_app.effects (tenant_id, rule_id, position desc, rule_version desc, recipient);

create table annals_app.notifications (
  tenant_id    uuid        not null,
  id           uuid        not null,
  recipient    text        not null,
  rule_id      text        not null,
  rule_version int         not null,
  reason       text        not null,
  position     bigint      not null,
  event_id     uuid        not null,
  created_at   timestamptz not null default now(),
  read_at      timestamptz,
  relayed_at   timestamptz,
  primary key (tenant_id, id)
);
create index notifications_of_user on annals_app.notifications (tenant_id, recipient, position desc, id desc);
create index notifications_unread on annals_app.notifications (tenant_id, recipient, position desc, id desc) where read_at is null;
create index notifications_unrelayed on annals_app.notifications (created_at) where relayed_at is null;

create table annals_app.tag_changes (
  tenant_id   uuid        not null,
  ref         uuid        not null,
  occurred_at timestamptz not null,
  position    bigint      not null,
  added       boolean     not null,
  tag         text        not null,
  primary key (tenant_id, ref, occurred_at, position)
);

create table annals_app.rules_began (
  tenant_id uuid   not null primary key,
  position  bigint not null
);
insert into annals_app.rules_began (tenant_id, position) select tenant_id, position from annals.heads;
`;

const COMMENTS = /* sql */ `
comment on table  annals_app.rules is 'Rules of tenants; what they say is in their versions.';
comment on column annals_app.rules.tenant_id is 'The tenant.';
comment on column annals_app.rules.id is 'The rule.';
comment on column annals_app.rules.version is 'Its newest version.';
comment on column annals_app.rules.created_by is 'Who saved it first (sub of the token).';
comment on column annals_app.rules.created_at is 'When it was saved first.';
comment on column annals_app.rules.deleted_by is 'Who deleted it.';
comment on column annals_app.rules.deleted_at is 'When it was deleted; null: it stands.';

comment on table  annals_app.rule_versions is 'What a rule says, and for which part of the log. A version is never changed, only ended.';
comment on column annals_app.rule_versions.tenant_id is 'The tenant.';
comment on column annals_app.rule_versions.rule_id is 'The rule.';
comment on column annals_app.rule_versions.version is '1, 2, 3 …';
comment on column annals_app.rule_versions.enabled is 'false: saved, but starts nothing.';
comment on column annals_app.rule_versions.definition is 'The rule as JSON, as libs/rules accepted it.';
comment on column annals_app.rule_versions.from_position is 'Head of the log when it was saved: it applies to events behind it.';
comment on column annals_app.rule_versions.to_position is 'Head of the log when it was replaced, disabled or deleted: the last event it applies to; null: it applies.';
comment on column annals_app.rule_versions.created_by is 'Who saved it (sub of the token).';
comment on column annals_app.rule_versions.created_at is 'When it was saved.';

comment on table  annals_app.effects is 'Ledger of what rules did: its key is why each (rule version, event, recipient) fires once, whatever is replayed.';
comment on column annals_app.effects.tenant_id is 'The tenant.';
comment on column annals_app.effects.rule_id is 'The rule; mention: the one every tenant has.';
comment on column annals_app.effects.rule_version is 'The version that matched.';
comment on column annals_app.effects.event_id is 'Item id of the event.';
comment on column annals_app.effects.recipient is 'The user to tell.';
comment on column annals_app.effects.position is 'The event.';
comment on column annals_app.effects.outcome is 'fired; held: backfill, too old, retracted: matched, but nobody was told.';
comment on column annals_app.effects.decided_at is 'When it was decided.';

comment on table  annals_app.notifications is 'Who is told of which event. The sentence is rendered on read, never stored.';
comment on column annals_app.notifications.tenant_id is 'The tenant.';
comment on column annals_app.notifications.id is 'Digest of rule, version, event and recipient; the CloudEvents id on annals.notifications.';
comment on column annals_app.notifications.recipient is 'The user (sub of the token).';
comment on column annals_app.notifications.rule_id is 'As in annals_app.effects.';
comment on column annals_app.notifications.rule_version is 'As in annals_app.effects.';
comment on column annals_app.notifications.reason is 'Name of the rule when it fired.';
comment on column annals_app.notifications.position is 'The event; lists are ordered by it.';
comment on column annals_app.notifications.event_id is 'Item id of the event.';
comment on column annals_app.notifications.created_at is 'When it was made.';
comment on column annals_app.notifications.read_at is 'When the user marked it read; null: unread.';
comment on column annals_app.notifications.relayed_at is 'When it reached annals.notifications; null: waiting.';

comment on table  annals_app.tag_changes is 'Tags given and taken, read from the log: which tags a record had when an event happened.';
comment on column annals_app.tag_changes.tenant_id is 'The tenant.';
comment on column annals_app.tag_changes.ref is 'annals.ref of the contact, lead or merchant.';
comment on column annals_app.tag_changes.occurred_at is 'When it happened.';
comment on column annals_app.tag_changes.position is 'The contact.tagged or contact.untagged event.';
comment on column annals_app.tag_changes.added is 'true: given; false: taken.';
comment on column annals_app.tag_changes.tag is 'The tag.';

comment on table  annals_app.rules_began is 'Tenants that had a log before there were rules: nobody is told of mentions from then.';
comment on column annals_app.rules_began.tenant_id is 'The tenant.';
comment on column annals_app.rules_began.position is 'Head of its log at that time: the rule of mentions applies behind it.';
`;

/** Trying a rule on history needs tags; the reader of the log may see them, and nothing else of the schema. */
const HISTORY = /* sql */ `
grant usage on schema annals_app to annals_query;
grant select on annals_app.tag_changes to annals_query;
create policy query_reads_its_tenant on annals_app.tag_changes for select to annals_query
  using (tenant_id = (select annals.current_tenant()) and (select annals.current_audience()) = 'staff');
`;
