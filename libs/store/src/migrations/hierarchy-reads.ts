/** What the planner cannot know about parameters, as in the migration of reads; newer entries alone are met by a hash of the memberships. */
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

const MEMBERSHIPS = /* sql */ `
create type annals.membership as (
  ref             uuid,
  from_at         timestamptz,
  before_at       timestamptz,
  before_position bigint,
  first_month     smallint,
  last_month      smallint
);
comment on type annals.membership is 'A time in which an account stood below another: from_at inclusive, (before_at, before_position) exclusive, and the months it lies in.';

create function annals.children_of(tenant uuid, root uuid, parents annals.membership[], pin bigint) returns annals.membership[]
  language plpgsql stable as $$
begin
  return (
    select array_agg(row (s.ref, lower(s.during), upper(s.during), 0, null, null)::annals.membership)
      from (select c.account as ref, unnest(range_agg(tstzrange(greatest(c.occurred_at, p.from_at), least(next.occurred_at, p.before_at)))) as during
              from unnest(parents) p
             cross join lateral (
                   select * from annals.account_parents c
                    where c.tenant_id = tenant and c.parent = p.ref and c.occurred_at < p.before_at and c.position <= pin and c.account <> root
                      and not exists (select from annals.retracted r
                                       where r.tenant_id = tenant and r.position = c.position and r.effective_position <= pin)) c
              left join lateral (
                   select n.occurred_at from annals.account_parents n
                    where n.tenant_id = tenant and n.account = c.account and (n.occurred_at, n.position) > (c.occurred_at, c.position)
                      and n.position <= pin
                      and not exists (select from annals.retracted r
                                       where r.tenant_id = tenant and r.position = n.position and r.effective_position <= pin)
                    order by n.occurred_at, n.position limit 1) next on true
             where greatest(c.occurred_at, p.from_at) < least(next.occurred_at, p.before_at)
             group by c.account) s);
end $$;
comment on function annals.children_of(uuid, uuid, annals.membership[], bigint) is 'The accounts directly below those of the memberships, within their times, as of the pin; the root is never below itself.';

create function annals.memberships_below(tenant uuid, root uuid, depth int, pin bigint) returns annals.membership[]
  language plpgsql stable as $$
declare
  level annals.membership[] := array[row (root, '-infinity', 'infinity', 0, null, null)::annals.membership];
  below annals.membership[] := '{}';
  gone  int := 0;
begin
  -- at any time an account has one parent, so only the root could be met again on the way down
  while gone is distinct from depth loop
    level := annals.children_of(tenant, root, level, pin);
    exit when level is null;
    below := below || level;
    if cardinality(below) > 5000 then
      return null;
    end if;
    gone := gone + 1;
  end loop;
  return below;
end $$;
comment on function annals.memberships_below(uuid, uuid, int, bigint) is 'The accounts below the root and when, so many levels deep (null: all), as of the pin. Null: more than 5,000 memberships.';

create function annals.clip_memberships(m annals.membership[], s annals.timeline_slice) returns annals.membership[]
  language plpgsql stable as $$
declare
  earliest constant timestamptz := '0002-01-01 BC';
  latest   constant timestamptz := '2730-01-01';
begin
  return (
    select coalesce(array_agg(row (c.ref, c.from_at, c.before_at, c.before_position,
                                   annals.month_of(greatest(earliest, least(c.from_at, latest))),
                                   annals.month_of(greatest(earliest, least(c.before_at, latest))))::annals.membership), '{}')
      from (select u.ref, greatest(u.from_at, s.from_at) as from_at, least(u.before_at, s.before_at) as before_at,
                   case when u.before_at <= s.before_at then 0 else s.before_position end as before_position
              from unnest(m) u) c
     where (c.from_at, 0) < (c.before_at, c.before_position));
end $$;
comment on function annals.clip_memberships(annals.membership[], annals.timeline_slice) is 'What of the memberships lies within the slice.';
`;

/** Rows of a membership `m` that show in the slice `s`. */
const ROWS_BELOW = /* sql */ `t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.bucket >= m.first_month and t.bucket <= m.last_month
                      and t.ref = m.ref and (t.occurred_at, t.position) < (m.before_at, m.before_position) and t.occurred_at >= m.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)`;
const OWN_MOVES = /* sql */ `t.tenant_id = s.tenant_id and t.ref = s.refs[1] and t.type = 'account.parent_changed'
                      and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)`;
const FILTERED = /* sql */ `(s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))`;
const NEWEST_FIRST = /* sql */ `order by t.bucket desc, t.occurred_at desc, t.position desc`;

const KEYS = /* sql */ `
create function annals.hierarchy_keys(s annals.timeline_slice, below annals.membership[], lim bigint, skip bigint)
  returns table (key_position bigint, key_retracted_at bigint)
  language plpgsql stable as $$
begin
  return query
  with newest as materialized (
       select m.*, first.occurred_at as newest_at, first.position as newest_position
         from unnest(below) m
        cross join lateral (
              select t.occurred_at, t.position from annals.timeline t
               where ${ROWS_BELOW} and ${FILTERED}
               ${NEWEST_FIRST} limit 1) first),
  -- so many rows are at least as new as this one: older ones cannot be on the page, nor accounts that have only such
  edge (edge_at, edge_position) as materialized (
       select n.newest_at, n.newest_position from (select distinct newest_at, newest_position from newest) n
        order by n.newest_at desc, n.newest_position desc offset lim + skip - 1 limit 1),
  bound (bound_at, bound_position) as materialized (
       select edge_at, edge_position from edge union all select '-infinity', 0 where not exists (select from edge)),
  found as (
       (select t.occurred_at, t.position, t.retracted_at_position from annals.timeline t
         where ${OWN_MOVES} and ${FILTERED}
         order by t.occurred_at desc, t.position desc limit lim + skip)
        union all
       select b.occurred_at, b.position, b.retracted_at_position
         from bound
        cross join newest m
        cross join lateral (
              select * from annals.timeline t
               where ${ROWS_BELOW} and ${FILTERED}
                 and (t.occurred_at, t.position) >= (bound_at, bound_position)
               ${NEWEST_FIRST} limit lim + skip) b
        where (m.newest_at, m.newest_position) >= (bound_at, bound_position))
  select k.position, k.retracted_at_position
    from (select distinct on (f.occurred_at, f.position) * from found f order by f.occurred_at desc, f.position desc) k
   order by k.occurred_at desc, k.position desc limit lim offset skip;
end $$;
comment on function annals.hierarchy_keys(annals.timeline_slice, annals.membership[], bigint, bigint) is 'Positions of what happened below an account, and of its own moves, newest first, each once. Looks once into every membership, and reads on where the page can reach.';

create function annals.hierarchy_total(s annals.timeline_slice, below annals.membership[], after bigint, out total bigint, out is_floor boolean)
  language plpgsql stable as $$
declare
  scanned bigint;
begin
  select count(distinct t.position) filter (where t.position > after and ${FILTERED}), count(*)
    into total, scanned
    from ((select t.position, t.type, t.actor from annals.timeline t where ${OWN_MOVES} limit 10000)
           union all
          (select t.position, t.type, t.actor
             from unnest(below) m cross join lateral (select * from annals.timeline t where ${ROWS_BELOW} limit 10000) t
            limit 10000)) t;
  is_floor := scanned >= 10000;
end $$;
comment on function annals.hierarchy_total(annals.timeline_slice, annals.membership[], bigint) is 'Rows of the Hierarchy tab that stand after a position: exact up to 10,000 rows of all types, else a floor.';

create function annals.hierarchy_newer(s annals.timeline_slice, below annals.membership[], head bigint, out newer bigint, out is_floor boolean)
  language plpgsql stable
  set enable_hashjoin = on as $$
declare
  later annals.timeline_slice := s;
begin
  is_floor := false;
  if head - s.pin > 1000 then
    later.pin := head;
    select t.total, t.is_floor into newer, is_floor from annals.hierarchy_total(later, below, s.pin) t;
    if not is_floor then
      return;
    end if;
  end if;
  select greatest(newer, count(distinct e.position)) into newer
    from annals.events e
   cross join lateral annals.refs_of(e.entities) as stands(ref)
    left join unnest(below) m on m.ref = stands.ref
   cross join lateral (
         select * from annals.timeline t
          where t.tenant_id = s.tenant_id and t.bucket = annals.month_of(e.occurred_at) and t.ref = stands.ref
            and t.occurred_at = e.occurred_at and t.position = e.position offset 0) t
   where e.tenant_id = s.tenant_id and e.position > greatest(s.pin, head - 1000) and e.position <= head
     and e.occurred_at >= s.from_at and e.occurred_at < s.before_at
     and (e.occurred_at >= m.from_at and (e.occurred_at, e.position) < (m.before_at, m.before_position)
          or stands.ref = s.refs[1] and e.type = 'account.parent_changed')
     and (t.retracted_at_position is null or s.with_retracted) and ${FILTERED};
end $$;
comment on function annals.hierarchy_newer(annals.timeline_slice, annals.membership[], bigint) is 'Rows of the Hierarchy tab that stand after its pin and show at the head, with the memberships of the pin: exact if there are at most 1,000 events after the pin, or as annals.hierarchy_total. Else a floor.';
`;

const READS = /* sql */ `
create function annals.read_hierarchy(
  reader_tenant uuid, reader_audience text, reader_customer text, account_id text, depth int,
  types text[], actor_type text, actor_id text, from_at timestamptz, to_at timestamptz, with_retracted boolean,
  asked_pin bigint, page_limit int, after_at timestamptz, after_position bigint, page_number bigint,
  count_total boolean, count_newer boolean, mark text,
  out pin bigint, out newer bigint, out newer_is_floor boolean, out total bigint, out total_is_floor boolean, out too_large boolean, out lines text)
  language plpgsql stable${PLANS} as $$
declare
  head      bigint := annals.begin_read(reader_tenant, reader_audience, reader_customer);
  s         annals.timeline_slice;
  below     annals.membership[];
  clipped   annals.membership[];
  positions bigint[];
  retracted bigint[];
begin
  pin := least(coalesce(asked_pin, head), head);
  s.tenant_id := reader_tenant;
  s.refs := array[annals.ref('account', account_id)];
  s.months := array(select m.bucket from annals.months m where m.tenant_id = reader_tenant order by m.bucket desc);
  s.from_at := coalesce(from_at, '-infinity');
  s.before_at := coalesce(to_at, 'infinity');
  s.before_position := 0;
  s.pin := pin;
  s.with_retracted := coalesce(with_retracted, false);
  s.types := types;
  s.actors := case when actor_type is not null then array[annals.ref(actor_type, actor_id)]
                   when actor_id is not null then
                     array[annals.ref('human', actor_id), annals.ref('agent', actor_id), annals.ref('system', actor_id)] end;

  below := case when reader_audience = 'staff' then annals.memberships_below(reader_tenant, s.refs[1], depth, pin) else '{}' end;
  too_large := below is null;
  if too_large then
    return;
  end if;
  clipped := annals.clip_memberships(below, s);
  if count_newer then
    select n.newer, n.is_floor into newer, newer_is_floor from annals.hierarchy_newer(s, clipped, head) n;
  end if;
  if count_total then
    select t.total, t.is_floor into total, total_is_floor from annals.hierarchy_total(s, clipped, 0) t;
  end if;
  if after_at is not null and (after_at, after_position) < (s.before_at, s.before_position) then
    s.before_at := after_at;
    s.before_position := after_position;
    clipped := annals.clip_memberships(below, s);
  end if;
  select array_agg(k.key_position), array_agg(case when k.key_retracted_at <= pin then k.key_retracted_at end)
    into positions, retracted
    from annals.hierarchy_keys(s, clipped, page_limit + 1, (coalesce(page_number, 1) - 1) * page_limit) k;
  lines := annals.event_lines(reader_tenant, positions, retracted, mark);
end $$;
comment on function annals.read_hierarchy(uuid, text, text, text, int, text[], text, text, timestamptz, timestamptz, boolean, bigint, int, timestamptz, bigint, bigint, boolean, boolean, text) is 'One page of an account''s Hierarchy tab, newest first, and one row more if there is more; too_large: more accounts than can be read as one.';

create function annals.read_unseen(
  reader_tenant uuid, reader_audience text, reader_customer text, entity_type text, entity_id text, seen bigint, reader text,
  out head bigint, out unseen bigint, out is_floor boolean)
  language plpgsql stable${PLANS} as $$
declare
  s   annals.timeline_slice;
  own bigint;
begin
  head := annals.begin_read(reader_tenant, reader_audience, reader_customer);
  if reader_audience <> 'staff' then
    return;
  end if;
  s.tenant_id := reader_tenant;
  s.refs := array[case when entity_type is null then '00000000-0000-0000-0000-000000000000' else annals.ref(entity_type, entity_id) end];
  if entity_type = 'contact' then
    s.refs := annals.merged_refs(reader_tenant, s.refs[1], head);
  end if;
  s.months := array(select m.bucket from annals.months m where m.tenant_id = reader_tenant order by m.bucket desc);
  s.from_at := '-infinity';
  s.before_at := 'infinity';
  s.before_position := 0;
  s.pin := seen;
  s.with_retracted := false;
  s.about_customers := false;
  select n.newer, n.is_floor into unseen, is_floor from annals.timeline_newer(s, head) n;
  if unseen > 0 then
    s.actors := array[annals.ref('human', reader)];
    select n.newer into own from annals.timeline_newer(s, head) n;
    unseen := unseen - own;
  end if;
end $$;
comment on function annals.read_unseen(uuid, text, text, text, text, bigint, text) is 'Rows of a timeline after the position up to which its reader has seen it, but for what the reader did; entity_type null: the feed. A floor as in annals.timeline_newer.';
`;

/** Functions behind the Hierarchy tab and the count of what is unseen. Part of their migration: never edited once released. */
export const HIERARCHY_READS = MEMBERSHIPS + KEYS + READS;
