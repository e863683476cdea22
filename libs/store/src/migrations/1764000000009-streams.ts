import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantPolicies } from './tenant-policies.js';

/** The log read onwards from a position, for live feeds, and the tickets that browsers open them with. docs/decisions/0041-live-feed.md */
export class Streams1764000000009 implements MigrationInterface {
  name = 'Streams1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(POSITIONS);
    await runner.query(READ);
    await runner.query(TICKETS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

/** Every read here is a chain of index probes, as in annals.read_timeline. */
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

/*
 * Positions have no holes, so a span of them bounds what is looked at. A timeline's key is not in position order: near the head its rows are
 * looked up from the log, farther back they are taken from the key and sorted.
 */
const POSITIONS = /* sql */ `
create function annals.feed_after(s annals.timeline_slice, by_type text, by_id text, after_position bigint, upto bigint, lim int)
  returns table (key_position bigint, key_retracted_at bigint)
  language sql stable as $$
  select e.position, r.effective_position
    from annals.events e
    left join lateral (select * from annals.retracted r where r.tenant_id = e.tenant_id and r.position = e.position offset 0) r on true
   where e.tenant_id = s.tenant_id and e.position > after_position and e.position <= upto
     and e.occurred_at >= s.from_at and e.occurred_at < s.before_at
     and (s.types is null or e.type = any (s.types))
     and (by_id is null or e.actor_id = by_id) and (by_type is null or e.actor_type = by_type)
     and (r.effective_position is null or s.with_retracted)
   order by e.position limit lim
$$;
comment on function annals.feed_after(annals.timeline_slice, text, text, bigint, bigint, int) is 'Events of the tenant between two positions that show, oldest first; a null by_type or by_id (the actor) filters nothing.';

create function annals.timeline_after(s annals.timeline_slice, after_position bigint, upto bigint, near boolean, lim int)
  returns table (key_position bigint, key_retracted_at bigint)
  language plpgsql stable as $$
begin
  if near then
    return query
    select distinct t.position, t.retracted_at_position
      from annals.events e
     cross join unnest(s.refs) r(ref)
     cross join lateral (
           select * from annals.timeline t
            where t.tenant_id = s.tenant_id and t.bucket = annals.month_of(e.occurred_at) and t.ref = r.ref
              and t.occurred_at = e.occurred_at and t.position = e.position offset 0) t
     where e.tenant_id = s.tenant_id and e.position > after_position and e.position <= upto
       and e.occurred_at >= s.from_at and e.occurred_at < s.before_at
       and (t.retracted_at_position is null or s.with_retracted)
       and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
     order by t.position limit lim;
  elsif cardinality(s.refs) = 1 and s.types is null and s.actors is null then
    return query
    select t.position, t.retracted_at_position
      from annals.timeline t
     where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = s.refs[1]
       and t.occurred_at >= s.from_at and t.occurred_at < s.before_at and t.position > after_position and t.position <= upto
       and (t.retracted_at_position is null or s.with_retracted)
     order by t.position limit lim;
  else
    return query
    select distinct t.position, t.retracted_at_position
      from unnest(s.refs) r(ref)
     cross join lateral (
           select * from annals.timeline t
            where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = r.ref
              and t.occurred_at >= s.from_at and t.occurred_at < s.before_at
              and t.position > after_position and t.position <= upto
              and (t.retracted_at_position is null or s.with_retracted)
              and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
            order by t.position limit lim) t
     order by t.position limit lim;
  end if;
end $$;
comment on function annals.timeline_after(annals.timeline_slice, bigint, bigint, boolean, int) is 'Rows of the timelines of a slice between two positions that show, oldest first; near: few events lie between.';
`;

const READ = /* sql */ `
create function annals.read_stream(
  reader_tenant uuid, reader_audience text, reader_customer text,
  entity_type text, entity_id text, types text[], actor_type text, actor_id text,
  from_at timestamptz, to_at timestamptz, with_retracted boolean,
  after_position bigint, page_limit int, page_bytes bigint, mark text,
  out lines text, out reached bigint, out head bigint, out refs uuid[])
  language plpgsql stable${PLANS} as $$
declare
  staff     boolean := reader_audience = 'staff';
  s         annals.timeline_slice;
  near      boolean;
  upto      bigint;
  earliest  constant timestamptz := '0002-01-01 BC';
  latest    constant timestamptz := '2730-01-01';
  positions bigint[];
  retracted bigint[];
  taken     int;
begin
  head := annals.begin_read(reader_tenant, reader_audience, reader_customer);
  reached := head;
  if not staff and reader_customer is distinct from entity_type || '/' || entity_id then
    return;
  end if;
  refs := case when entity_type is not null then array[annals.ref(entity_type, entity_id)] end;
  if staff and entity_type = 'contact' then
    refs := annals.merged_refs(reader_tenant, refs[1], head);
  end if;
  if after_position is null or after_position >= head then
    return;
  end if;

  s.tenant_id := reader_tenant;
  s.refs := refs;
  s.from_at := coalesce(from_at, '-infinity');
  s.before_at := coalesce(to_at, 'infinity');
  s.with_retracted := staff and coalesce(with_retracted, false);
  s.types := types;
  if refs is null then
    upto := least(head, after_position + 5000);
    select array_agg(f.key_position), array_agg(f.key_retracted_at) into positions, retracted
      from annals.feed_after(s, actor_type, actor_id, after_position, upto, page_limit) f;
  else
    near := head - after_position <= 1000;
    upto := head;
    s.actors := case when actor_type is not null then array[annals.ref(actor_type, actor_id)]
                     when actor_id is not null then
                       array[annals.ref('human', actor_id), annals.ref('agent', actor_id), annals.ref('system', actor_id)] end;
    if not near then
      s.months := array(select m.bucket from annals.months m
                         where m.tenant_id = reader_tenant and m.bucket >= annals.month_of(greatest(earliest, least(s.from_at, latest)))
                           and m.bucket <= annals.month_of(greatest(earliest, least(s.before_at, latest))));
    end if;
    select array_agg(t.key_position), array_agg(t.key_retracted_at) into positions, retracted
      from annals.timeline_after(s, after_position, upto, near, page_limit) t;
  end if;

  select count(*) into taken
    from (select sum(coalesce(octet_length(e.payload), 0)) over (order by k.nth rows between unbounded preceding and 1 preceding) as before
            from unnest(positions) with ordinality k(position, nth)
           cross join lateral (select * from annals.events e where e.tenant_id = reader_tenant and e.position = k.position) e) sized
   where coalesce(sized.before, 0) < page_bytes;
  reached := case when taken < cardinality(positions) or taken = page_limit then positions[taken] else upto end;
  lines := annals.event_lines(reader_tenant, positions[:taken], retracted[:taken], mark);
end $$;
comment on function annals.read_stream(uuid, text, text, text, text, text[], text, text, timestamptz, timestamptz, boolean, bigint, int, bigint, text) is 'What shows of the log after a position, oldest first, at most page_limit events and some page_bytes of payload; entity_type null: the feed. Everything up to reached is in it. refs: the timelines read as one as of head; null: the feed. after_position null: only head and refs.';
`;

const TICKETS = /* sql */ `
create table annals_app.tickets (
  tenant_id        uuid        not null,
  hash             bytea       not null,
  kind             text        not null,
  user_id          text        not null,
  entity_type      text,
  entity_id        text,
  token_expires_at timestamptz not null,
  expires_at       timestamptz not null,
  primary key (tenant_id, hash)
);
create index tickets_expired on annals_app.tickets (tenant_id, expires_at);
comment on table  annals_app.tickets is 'One-time tickets that browsers open a live feed with, because they cannot send a token there. Deleted by their use, on whichever instance.';
comment on column annals_app.tickets.tenant_id is 'The tenant that may be read.';
comment on column annals_app.tickets.hash is 'SHA-256 of the ticket: the table opens nothing.';
comment on column annals_app.tickets.kind is 'user, service or customer, as in the token of the caller.';
comment on column annals_app.tickets.user_id is 'The caller.';
comment on column annals_app.tickets.entity_type is 'For a customer the type of the record that it is.';
comment on column annals_app.tickets.entity_id is 'For a customer the id of the record that it is.';
comment on column annals_app.tickets.token_expires_at is 'When the token of the caller ends, and with it every feed opened with the ticket.';
comment on column annals_app.tickets.expires_at is 'Not good after this.';
${tenantPolicies('annals_app.tickets')}`;
