/** How many entries a timeline shows: the counters of its months, corrected for what they have not seen yet. Part of the migration of reads. */
export const TIMELINE_COUNTS = /* sql */ `
create function annals.timeline_counts_at(tenant uuid, timeline uuid, pin bigint, out months smallint[], out entries bigint[])
  language plpgsql stable as $$
declare
  counted bigint;
  low     bigint;
  high    bigint;
begin
  select c.position into counted from annals.checkpoints c where c.consumer = 'timeline_counts' and c.tenant_id = tenant;
  if counted is null or abs(pin - counted) > 2000
     or not exists (select from annals.timeline_counts c where c.tenant_id = tenant and c.ref = timeline) then
    return;
  end if;
  low := least(counted, pin);
  high := greatest(counted, pin);
  select array_agg(m.bucket order by m.bucket desc), array_agg(m.entries order by m.bucket desc) into months, entries
    from (select u.bucket, sum(u.entries)::bigint as entries
            from (select c.bucket, c.entries from annals.timeline_counts c where c.tenant_id = tenant and c.ref = timeline
                  union all
                  select t.bucket, sign(pin - counted)::bigint * case when moved.position > low then 1 else -1 end
                    from (select e.position, e.occurred_at from annals.events e
                           where e.tenant_id = tenant and e.position > low and e.position <= high
                          union all
                          select e.position, e.occurred_at
                            from annals.retracted r
                           cross join lateral (select * from annals.events e where e.tenant_id = tenant and e.position = r.position) e
                           where r.tenant_id = tenant and r.effective_position > low and r.effective_position <= high) moved
                   cross join lateral (
                         select * from annals.timeline t
                          where t.tenant_id = tenant and t.bucket = annals.month_of(moved.occurred_at) and t.ref = timeline
                            and t.occurred_at = moved.occurred_at and t.position = moved.position offset 0) t
                   where moved.position <= low or t.retracted_at_position is null or t.retracted_at_position > high) u
           group by u.bucket) m;
end $$;
comment on function annals.timeline_counts_at(uuid, uuid, bigint) is 'Rows that show per month as of the pin, months newest first: the counters, corrected for what lies between their checkpoint and the pin. Null where there are none, or more than 2,000 events lie between.';

create function annals.timeline_total(s annals.timeline_slice, out total bigint, out is_floor boolean)
  language plpgsql stable as $$
declare
  scanned bigint;
begin
  if s.types is null and s.actors is null and not s.about_customers then
    select count(*) into total from annals.timeline_keys(s, 10001, 0);
    is_floor := total > 10000;
    total := least(total, 10000);
    return;
  end if;
  select count(distinct t.position) filter (
           where (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
             and (t.about_customer or not s.about_customers)), count(*)
    into total, scanned
    from unnest(s.refs) r(ref)
   cross join lateral (
         select * from annals.timeline t
          where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = r.ref
            and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
            and t.position <= s.pin
            and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)
          order by t.bucket desc, t.occurred_at desc, t.position desc limit 25000) t;
  is_floor := scanned >= 25000;
end $$;
comment on function annals.timeline_total(annals.timeline_slice) is 'Rows of a slice: exact to 10,000; with filters exact if the timeline has fewer than 25,000 rows. Else a floor.';

create function annals.timeline_newer(s annals.timeline_slice, head bigint, out newer bigint, out is_floor boolean)
  language plpgsql stable as $$
declare
  scanned bigint;
begin
  is_floor := false;
  if head - s.pin > 200 then
    select count(distinct t.position) filter (
             where t.position > s.pin and (t.retracted_at_position is null or s.with_retracted)
               and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
               and (t.about_customer or not s.about_customers)), count(*)
      into newer, scanned
      from unnest(s.refs) r(ref)
     cross join lateral (
           select * from annals.timeline t
            where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = r.ref
              and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
              and t.position <= head
            order by t.bucket desc, t.occurred_at desc, t.position desc limit 2000) t;
    is_floor := scanned >= 2000;
    if not is_floor or head - s.pin > 1000 then
      return;
    end if;
    is_floor := false;
  end if;
  select count(distinct t.position) into newer
    from annals.events e
   cross join unnest(s.refs) r(ref)
   cross join lateral (
         select * from annals.timeline t
          where t.tenant_id = s.tenant_id and t.bucket = annals.month_of(e.occurred_at) and t.ref = r.ref
            and t.occurred_at = e.occurred_at and t.position = e.position offset 0) t
   where e.tenant_id = s.tenant_id and e.position > s.pin and e.position <= head
     and e.occurred_at >= s.from_at and e.occurred_at < s.before_at
     and (t.retracted_at_position is null or s.with_retracted)
     and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
     and (t.about_customer or not s.about_customers);
end $$;
comment on function annals.timeline_newer(annals.timeline_slice, bigint) is 'Rows of a slice that stand after its pin and show at the head: exact if there are at most 1,000 events after the pin or the timeline has fewer than 2,000 rows. Else a floor, from the newest 2,000 rows.';
`;
