import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keys are made of, and who is asking. */
export class Functions1764000000002 implements MigrationInterface {
  name = 'Functions1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FUNCTIONS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

const FUNCTIONS = /* sql */ `
create function annals.ref(type text, id text) returns uuid
  language sql immutable strict parallel safe
  return encode(substr(sha256(convert_to(type || '/' || id, 'UTF8')), 1, 16), 'hex')::uuid;
comment on function annals.ref(text, text) is 'Key of an entity or actor in the timelines: the first 16 bytes of SHA-256 of type, slash, id.';

-- date_part() knows no year 0: it calls the year before 1 minus one. sign() in place of a case keeps the body strict, so that it is inlined
create function annals.month_of(at timestamptz) returns smallint
  language sql immutable strict parallel safe
  return ((date_part('year', at at time zone 'UTC') + (1 - sign(date_part('year', at at time zone 'UTC'))) / 2) * 12
          + date_part('month', at at time zone 'UTC') - 1)::smallint;
comment on function annals.month_of(timestamptz) is 'UTC month as a number, year * 12 + month - 1: annals.timeline.bucket.';

create function annals.refs_of(entities text) returns setof uuid
  language sql immutable strict parallel safe
  begin atomic
    select '00000000-0000-0000-0000-000000000000'::uuid
    union
    select annals.ref(entity ->> 'type', entity ->> 'id') from jsonb_array_elements(entities::jsonb) as entity;
  end;
comment on function annals.refs_of(text) is 'The timelines an event with these references stands on: each entity once, and the feed.';

create function annals.current_tenant() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('annals.tenant', true), '')::uuid;
comment on function annals.current_tenant() is 'The tenant this transaction reads; null: none, nothing is visible.';

create function annals.current_audience() returns text
  language sql stable parallel safe
  return nullif(current_setting('annals.audience', true), '');
comment on function annals.current_audience() is 'staff or customer; null: nobody, nothing is visible.';

create function annals.current_customer_ref() returns uuid
  language sql stable parallel safe
  return encode(substr(sha256(convert_to(nullif(current_setting('annals.customer', true), ''), 'UTF8')), 1, 16), 'hex')::uuid;
comment on function annals.current_customer_ref() is 'annals.ref of the customer who reads, from annals.customer = type/id; null: none.';

create function annals.current_customer_entities() returns jsonb
  language sql stable parallel safe
  return case when nullif(current_setting('annals.customer', true), '') is not null then
    jsonb_build_array(jsonb_build_object(
      'type', split_part(current_setting('annals.customer', true), '/', 1),
      'id', substr(current_setting('annals.customer', true), strpos(current_setting('annals.customer', true), '/') + 1))) end;
comment on function annals.current_customer_entities() is 'The customer who reads as the references of an event must contain it; null: none.';

create function annals.refuse_change() returns trigger
  language plpgsql as $$
begin
  raise exception '% on annals.% is refused: the log is append only', tg_op, tg_table_name
    using errcode = 'restrict_violation', hint = 'Publish activity.retracted to take an entry off the timelines.';
end $$;
comment on function annals.refuse_change() is 'Says no to whoever would change the log, superusers included.';
create trigger append_only before update or delete or truncate on annals.events
  for each statement execute function annals.refuse_change();
alter table annals.events enable always trigger append_only;
`;
