import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TIMELINE_COUNTS } from './timeline-counts.js';

/** Reads as functions: one round trip sets who asks, for the transaction only, and brings the page. docs/decisions/0010-reads.md */
export class Reads1764000000004 implements MigrationInterface {
  name = 'Reads1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PARTS);
    await runner.query(TIMELINE_COUNTS);
    await runner.query(READS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

/*
 * All of them are STABLE although they set the settings of row-level security: every statement inside then sees the snapshot of
 * the one statement that called, so head, counters and rows belong together. Nothing is written.
 */
const PARTS = /* sql */ `
create type annals.timeline_slice as (
  tenant_id       uuid,
  refs            uuid[],
  months          smallint[],
  from_at         timestamptz,
  before_at       timestamptz,
  before_position bigint,
  pin             bigint,
  with_retracted  boolean,
  types           text[],
  actors          uuid[],
  about_customers boolean
);
comment on type annals.timeline_slice is 'Rows of one timeline, or of several read as one, as of a position: months newest first, from_at inclusive, (before_at, before_position) exclusive; null filters filter nothing.';

create function annals.begin_read(reader_tenant uuid, reader_audience text, reader_customer text) returns bigint
  language plpgsql stable as $$
declare
  newest bigint;
begin
  perform set_config('annals.tenant', reader_tenant::text, true),
          set_config('annals.audience', reader_audience, true),
          set_config('annals.customer', coalesce(reader_customer, ''), true);
  select h.position into newest from annals.heads h where h.tenant_id = reader_tenant;
  return coalesce(newest, 0);
end $$;
comment on function annals.begin_read(uuid, text, text) is 'Says who reads, for this transaction only, and returns the position of the newest event; 0: none.';

create function annals.merged_refs(tenant uuid, contact uuid, pin bigint) returns uuid[]
  language plpgsql stable as $$
begin
  return (
    with recursive reached(ref) as (
      select contact
      union
      select next.ref
        from reached r
       cross join lateral (
             select m.into_ref as ref from annals.merges m
              where m.tenant_id = tenant and m.from_ref = r.ref
                and m.merged_at_position <= pin and (m.unmerged_at_position is null or m.unmerged_at_position > pin)
             union all
             select m.from_ref from annals.merges m
              where m.tenant_id = tenant and m.into_ref = r.ref
                and m.merged_at_position <= pin and (m.unmerged_at_position is null or m.unmerged_at_position > pin)) next)
    select array_agg(r.ref) from reached r);
end $$;
comment on function annals.merged_refs(uuid, uuid, bigint) is 'The contact and every contact merged with it as of the pin, over any number of merges in either direction.';

create function annals.timeline_keys(s annals.timeline_slice, lim bigint, skip bigint)
  returns table (key_position bigint, key_retracted_at bigint)
  language plpgsql stable as $$
begin
  if cardinality(s.refs) > 1 then
    return query
    select k.position, k.retracted_at_position
      from (select distinct on (t.occurred_at, t.position) t.occurred_at, t.position, t.retracted_at_position
              from unnest(s.refs) r(ref)
             cross join lateral (
                   select * from annals.timeline t
                    where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = r.ref
                      and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)
                      and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
                    order by t.bucket desc, t.occurred_at desc, t.position desc limit lim + skip) t
             order by t.occurred_at desc, t.position desc) k
     limit lim offset skip;
  elsif s.types is null and s.actors is null and not s.about_customers then
    return query
    select t.position, t.retracted_at_position
      from annals.timeline t
     where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = s.refs[1]
       and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
       and t.position <= s.pin
       and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)
     order by t.bucket desc, t.occurred_at desc, t.position desc limit lim offset skip;
  else
    return query
    select t.position, t.retracted_at_position
      from annals.timeline t
     where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = s.refs[1]
       and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
       and t.position <= s.pin
       and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)
       and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
       and (t.about_customer or not s.about_customers)
     order by t.bucket desc, t.occurred_at desc, t.position desc limit lim offset skip;
  end if;
end $$;
comment on function annals.timeline_keys(annals.timeline_slice, bigint, bigint) is 'Positions of the rows of a slice, newest first. Without filters it reads nothing but the index.';

create function annals.event_lines(tenant uuid, positions bigint[], retracted_at bigint[], mark text) returns text
  language plpgsql stable as $$
declare
  field constant text := E'\\x1f' || mark;
begin
  return (
    select concat(count(*), E'\\x1e', mark, string_agg(l.line, E'\\x1e' || mark))
      from (select concat_ws(field, e.id, e.position, e.type, e.source_type, e.version, e.source, e.source_id, e.occurred_at, e.appended_at,
                             e.time_quality, e.ingest_mode, e.actor_type, e.actor_id, e.entities,
                             coalesce('+' || e.recorded_at, ''), coalesce('+' || e.on_behalf_of, ''), coalesce('+' || e.correlation_id, ''),
                             coalesce('+' || e.causation_id, ''), coalesce('+' || e.traceparent, ''), coalesce('+' || e.summary, ''),
                             coalesce('+' || e.payload, ''), coalesce('+' || k.retracted_at, '')) as line
              from unnest(positions, retracted_at) with ordinality k(position, retracted_at, nth)
             cross join lateral (select * from annals.events e where e.tenant_id = tenant and e.position = k.position) e
             order by k.nth) l);
end $$;
comment on function annals.event_lines(uuid, bigint[], bigint[], text) is 'Events as one text, in the order asked for, and first their number: records parted by U+001E, fields by U+001F, each followed by the mark; a field that may be null is empty or begins with +.';
`;

/** What the planner cannot know about parameters: every read is a chain of index probes, so nothing else is worth considering. */
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
create function annals.read_timeline(
  reader_tenant uuid, reader_audience text, reader_customer text,
  entity_type text, entity_id text, about_customers boolean,
  types text[], actor_type text, actor_id text, from_at timestamptz, to_at timestamptz, with_retracted boolean,
  asked_pin bigint, page_limit int, after_at timestamptz, after_position bigint, page_number bigint,
  count_total boolean, count_newer boolean, mark text,
  out pin bigint, out newer bigint, out newer_is_floor boolean, out total bigint, out total_is_floor boolean, out lines text)
  language plpgsql stable${PLANS} as $$
declare
  head      bigint := annals.begin_read(reader_tenant, reader_audience, reader_customer);
  staff     boolean := reader_audience = 'staff';
  s         annals.timeline_slice;
  skip      bigint := (coalesce(page_number, 1) - 1) * page_limit;
  counts    record;
  nth       int := 1;
  -- months are smallint; filters and cursors may hold any time
  earliest  constant timestamptz := '0002-01-01 BC';
  latest    constant timestamptz := '2730-01-01';
  positions bigint[];
  retracted bigint[];
begin
  pin := least(coalesce(asked_pin, head), head);
  if not staff and reader_customer is distinct from entity_type || '/' || entity_id then
    newer := 0; newer_is_floor := false; total := 0; total_is_floor := false;
    return;
  end if;

  s.tenant_id := reader_tenant;
  s.refs := array[case when entity_type is null then '00000000-0000-0000-0000-000000000000' else annals.ref(entity_type, entity_id) end];
  if staff and entity_type = 'contact' then
    s.refs := annals.merged_refs(reader_tenant, s.refs[1], pin);
  end if;
  s.from_at := coalesce(from_at, '-infinity');
  s.before_at := coalesce(to_at, 'infinity');
  s.months := array(select m.bucket from annals.months m
                     where m.tenant_id = reader_tenant and m.bucket >= annals.month_of(greatest(earliest, least(s.from_at, latest)))
                       and m.bucket <= annals.month_of(greatest(earliest, least(s.before_at, latest)))
                     order by m.bucket desc);
  s.before_position := 0;
  s.pin := pin;
  s.with_retracted := staff and coalesce(with_retracted, false);
  s.types := types;
  s.actors := case when actor_type is not null then array[annals.ref(actor_type, actor_id)]
                   when actor_id is not null then
                     array[annals.ref('human', actor_id), annals.ref('agent', actor_id), annals.ref('system', actor_id)] end;
  s.about_customers := coalesce(about_customers, false);

  if count_newer then
    select n.newer, n.is_floor into newer, newer_is_floor
      from annals.timeline_newer(s, head) n;
  end if;
  if (count_total or skip > 1000) and staff and cardinality(s.refs) = 1 and not s.with_retracted and not s.about_customers
     and num_nonnulls(from_at, to_at, s.types, s.actors) = 0 then
    counts := annals.timeline_counts_at(reader_tenant, s.refs[1], pin);
    if counts.months is not null then
      total := (select sum(n) from unnest(counts.entries) n);
      total_is_floor := false;
      while nth <= cardinality(counts.months) and skip >= counts.entries[nth] loop
        skip := skip - counts.entries[nth];
        nth := nth + 1;
      end loop;
      s.months := array(select m from unnest(s.months) with ordinality u(m, n) where m <= counts.months[nth] order by n);
    end if;
  end if;
  if count_total and total is null then
    select t.total, t.is_floor into total, total_is_floor from annals.timeline_total(s) t;
  end if;

  if after_at is not null and (after_at, after_position) < (s.before_at, s.before_position) then
    s.before_at := after_at;
    s.before_position := after_position;
    s.months := array(select m from unnest(s.months) with ordinality u(m, n) where m <= annals.month_of(greatest(earliest, least(after_at, latest))) order by n);
  end if;
  select array_agg(k.key_position), array_agg(case when k.key_retracted_at <= pin then k.key_retracted_at end)
    into positions, retracted
    from annals.timeline_keys(s, page_limit + 1, skip) k;
  lines := annals.event_lines(reader_tenant, positions, retracted, mark);
end $$;
comment on function annals.read_timeline(uuid, text, text, text, text, boolean, text[], text, text, timestamptz, timestamptz, boolean, bigint, int, timestamptz, bigint, bigint, boolean, boolean, text) is 'One page of a timeline, newest first, and one row more if there is more; entity_type null: the feed.';

create function annals.read_event(reader_tenant uuid, reader_audience text, reader_customer text, event_id uuid, mark text) returns text
  language plpgsql stable${PLANS} as $$
declare
  found_position bigint;
  found_at       timestamptz;
  retracted_at   bigint;
begin
  perform annals.begin_read(reader_tenant, reader_audience, reader_customer);
  select e.position, e.occurred_at into found_position, found_at from annals.events e where e.tenant_id = reader_tenant and e.id = event_id;
  if not found then
    return null;
  end if;
  select t.retracted_at_position into retracted_at
    from annals.timeline t
   where t.tenant_id = reader_tenant and t.bucket = annals.month_of(found_at) and t.occurred_at = found_at and t.position = found_position
     and t.ref = case when reader_audience = 'staff' then '00000000-0000-0000-0000-000000000000' else annals.current_customer_ref() end;
  if not found or reader_audience <> 'staff' and retracted_at is not null then
    return null;
  end if;
  return annals.event_lines(reader_tenant, array[found_position], array[retracted_at], mark);
end $$;
comment on function annals.read_event(uuid, text, text, uuid, text) is 'One event as a line of annals.event_lines; null: unknown, or not for this reader, which look the same.';
`;
