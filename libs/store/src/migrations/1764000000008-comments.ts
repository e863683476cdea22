import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Comments by record, what took an entry away, and a wall that no wrong flag opens: some types are never for customers. */
export class Comments1764000000008 implements MigrationInterface {
  name = 'Comments1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WALL);
    await runner.query(KEYS);
    await runner.query(READS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

/*
 * The timeline has a constraint only: a policy that looked at the type would take every reader's page from the index to the table.
 * The log has both, so that a text stays inside even where somebody dropped the constraint.
 */
const WALL = /* sql */ `
-- not strict: an OR is none, so that the body would not be inlined (0.5 µs a row instead of 0.1)
create function annals.staff_only(type text) returns boolean
  language sql immutable parallel safe
  return type like 'comment.%' or type like 'activity.%' or type like 'subject.%';
comment on function annals.staff_only(text) is 'Types that no flag opens to customers: comments and what is done to the log itself.';

alter table annals.events add constraint staff_only_is_for_staff check (not customer_visible or not annals.staff_only(type));
alter table annals.timeline add constraint staff_only_is_for_staff check (not customer_visible or not annals.staff_only(type));
create policy staff_only_is_for_staff on annals.events as restrictive for select to annals_query
  using ((select annals.current_audience()) = 'staff' or not annals.staff_only(type));
`;

const KEYS = /* sql */ `
create index timeline_comments on annals.timeline (tenant_id, ref, occurred_at, position) where type = 'comment.added';
create index comments_position on annals.comments (tenant_id, position);
`;

/** As in the reads of timelines: every one is a chain of index probes, and STABLE gives all its statements one snapshot. */
const PLANS = /* sql */ `
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_bitmapscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set max_parallel_workers_per_gather = 0
  set jit = off
  set timezone = 'UTC'
  set datestyle = 'ISO'`;

const READS = /* sql */ `
create function annals.read_comment_keys(reader_tenant uuid, entity_type text, entity_id text, asked_pin bigint, out pin bigint, out keys text)
  language plpgsql stable${PLANS} as $$
declare
  head bigint := annals.begin_read(reader_tenant, 'staff', null);
  refs uuid[] := array[annals.ref(entity_type, entity_id)];
begin
  pin := least(coalesce(asked_pin, head), head);
  if entity_type = 'contact' then
    refs := annals.merged_refs(reader_tenant, refs[1], pin);
  end if;
  select json_agg(json_build_array(k.position::text, k.comment_id, k.parent_comment_id, k.deleted) order by k.occurred_at, k.position)::text into keys
    from (select distinct on (t.occurred_at, t.position) t.occurred_at, t.position, c.comment_id, c.parent_comment_id,
                 coalesce(t.retracted_at_position <= read_comment_keys.pin, false) as deleted
            from unnest(refs) r(ref)
           cross join lateral (
                 select * from annals.timeline t
                  where t.tenant_id = reader_tenant and t.ref = r.ref and t.type = 'comment.added' and t.position <= read_comment_keys.pin
                  order by t.occurred_at desc, t.position desc limit 10000) t
           cross join lateral (
                 select c.comment_id, c.parent_comment_id from annals.comments c
                  where c.tenant_id = reader_tenant and c.position = t.position limit 1) c
           order by t.occurred_at, t.position) k;
end $$;
comment on function annals.read_comment_keys(uuid, text, text, bigint) is 'The newest 10,000 comments on a record as of the pin, oldest first, as JSON: position, comment id, parent, whether it is deleted. For staff.';

create function annals.read_events_at(reader_tenant uuid, positions bigint[], mark text) returns text
  language plpgsql stable${PLANS} as $$
begin
  perform annals.begin_read(reader_tenant, 'staff', null);
  return annals.event_lines(reader_tenant, positions, array(
    select r.effective_position from unnest(positions) with ordinality p(position, nth)
      left join annals.retracted r on r.tenant_id = reader_tenant and r.position = p.position order by p.nth), mark);
end $$;
comment on function annals.read_events_at(uuid, bigint[], text) is 'Events at these positions, in this order, as annals.event_lines. For staff.';

create function annals.read_comment(reader_tenant uuid, wanted_comment text, mark text) returns text
  language plpgsql stable${PLANS} as $$
declare
  found_position bigint;
begin
  perform annals.begin_read(reader_tenant, 'staff', null);
  select min(c.position) into found_position from annals.comments c
   where c.tenant_id = reader_tenant and c.comment = annals.ref('comment', wanted_comment);
  return case when found_position is not null then annals.read_events_at(reader_tenant, array[found_position], mark) end;
end $$;
comment on function annals.read_comment(uuid, text, text) is 'The comment.added event of a comment id, the first where several claim it, as annals.event_lines; null: unknown. For staff.';

create function annals.read_retraction(reader_tenant uuid, event_id uuid, mark text) returns text
  language plpgsql stable${PLANS} as $$
declare
  taken_by bigint;
begin
  perform annals.begin_read(reader_tenant, 'staff', null);
  select r.by_position into taken_by
    from annals.events e join annals.retracted r on r.tenant_id = e.tenant_id and r.position = e.position
   where e.tenant_id = reader_tenant and e.id = event_id;
  return case when taken_by is not null then annals.read_events_at(reader_tenant, array[taken_by], mark) end;
end $$;
comment on function annals.read_retraction(uuid, uuid, text) is 'The event that took this one off the timelines, as annals.event_lines; null: it stands, or is unknown. For staff.';
`;
