import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantPolicies } from './tenant-policies.js';

/** Tenants' own types as data, and dead letters that wait for one. docs/decisions/0045-types-as-data.md */
export class Types1764000000013 implements MigrationInterface {
  name = 'Types1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TYPES);
    await runner.query(READS);
    await runner.query(AWAITED);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const TYPES = /* sql */ `
create table annals_app.types (
  tenant_id  uuid        not null,
  type       text        not null,
  version    int         not null check (version >= 1),
  definition text        not null,
  created_by text        not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, type, version)
);
comment on table  annals_app.types is 'Tenants'' own event types, one row a version; never changed.';
comment on column annals_app.types.tenant_id is 'The tenant whose type it is.';
comment on column annals_app.types.type is 'custom.<name>';
comment on column annals_app.types.version is 'Version of the payload schema: 1, 2, 3 …';
comment on column annals_app.types.definition is 'JSON of TypeDefinition (libs/contracts). Text, because the order of the schema''s fields counts.';
comment on column annals_app.types.created_by is 'The user or service that registered it.';
comment on column annals_app.types.created_at is 'When it was registered.';
${tenantPolicies('annals_app.types')}
revoke update, delete on annals_app.types from annals_app, annals_automation;

create function annals_app.refuse_type_change() returns trigger language plpgsql as $$
begin
  raise exception 'versions of types are never changed: register a new one' using errcode = 'insufficient_privilege';
end $$;
comment on function annals_app.refuse_type_change() is 'Events are read by these definitions for ever.';
create trigger types_never_change before update or delete on annals_app.types
  for each row execute function annals_app.refuse_type_change();
create trigger types_are_never_emptied before truncate on annals_app.types
  for each statement execute function annals_app.refuse_type_change();

create function annals_app.tell_type() returns trigger language plpgsql as $$
begin
  perform pg_notify('annals_types', new.tenant_id::text);
  return null;
end $$;
comment on function annals_app.tell_type() is 'Wakes every process that keeps types in memory; the payload is the tenant.';
create trigger types_are_told after insert on annals_app.types for each row execute function annals_app.tell_type();
`;

/*
 * Processes keep the types of all tenants in memory, since decoding and rendering ask for them synchronously. They read them by these two
 * functions and have no other way past the policy of one tenant a transaction.
 */
const READS = /* sql */ `
create function annals_app.count_types() returns table (tenant_id uuid, versions bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.tenant_id, count(*) from annals_app.types t group by t.tenant_id
$$;
comment on function annals_app.count_types() is 'How many versions each tenant has registered: rows are never changed, so a number tells whether a process knows all.';

create function annals_app.types_of(tenants uuid[])
  returns table (tenant_id uuid, type text, version int, definition text, created_by text, created_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.tenant_id, t.type, t.version, t.definition, t.created_by, t.created_at
    from annals_app.types t where t.tenant_id = any (tenants)
$$;
comment on function annals_app.types_of(uuid[]) is 'All versions of all types of some tenants.';

revoke all on function annals_app.count_types(), annals_app.types_of(uuid[]) from public;
grant usage on schema annals_app to annals_ingest;
grant execute on function annals_app.count_types(), annals_app.types_of(uuid[]) to annals_app, annals_ingest, annals_automation, annals_admin;
`;

const AWAITED = /* sql */ `
alter table annals.dead_letters add column awaited_type text, add column awaited_version int;
comment on column annals.dead_letters.awaited_type is 'Name of the type that the record would be taken with, were it registered; lower case.';
comment on column annals.dead_letters.awaited_version is 'Version of that type that the record names.';
create index dead_letters_awaiting on annals.dead_letters (tenant_id, awaited_type, awaited_version)
  where awaited_type is not null and redriven_at is null;
`;
