import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How an event is written as text stands in one place, for whoever reads events: `annals.event_lines` and `annals.read_feeds` each had it. */
export class EventLine1764000000023 implements MigrationInterface {
  name = 'EventLine1764000000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVENT_LINE);
    await runner.query(`comment on function annals.event_line(annals.events, bigint, text) is
      'An event as one record of annals.event_lines.'`);
    await runner.query(EVENT_LINES);
    await runner.query(READ_FEEDS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

/** One expression, so that it is written into the queries that call it: they read no more columns than before and copy no row. */
const EVENT_LINE = `
  create function annals.event_line(e annals.events, retracted_at bigint, mark text) returns text
  language sql stable
  return concat_ws(E'\\x1f' || mark, e.id, e.position, e.type, e.source_type, e.version, e.source, e.source_id, e.occurred_at, e.appended_at,
                   e.time_quality, e.ingest_mode, e.actor_type, e.actor_id, e.entities,
                   coalesce('+' || e.recorded_at, ''), coalesce('+' || e.on_behalf_of, ''), coalesce('+' || e.correlation_id, ''),
                   coalesce('+' || e.causation_id, ''), coalesce('+' || e.traceparent, ''), coalesce('+' || e.summary, ''),
                   coalesce('+' || e.payload, ''), coalesce('+' || retracted_at, ''))`;

const EVENT_LINES = `
  create or replace function annals.event_lines(tenant uuid, positions bigint[], retracted_at bigint[], mark text) returns text
  language plpgsql stable
  as $function$
  begin
    return (
      select concat(count(*), E'\\x1e', mark, string_agg(l.line, E'\\x1e' || mark))
        from (select annals.event_line(e, k.retracted_at, mark) as line
                from unnest(positions, retracted_at) with ordinality k(position, retracted_at, nth)
                join annals.events e on e.tenant_id = tenant and e.position = k.position
               order by k.nth) l);
  end $function$`;

/**
 * Positions have no holes, so a range of them bounds the work; a line is written only while the page has room, or a page of large events would be
 * read whole to give back its beginning. The settings are those of annals.read_stream.
 */
const READ_FEEDS = `
  create or replace function annals.read_feeds(tenants uuid[], after_positions bigint[], page_limit int, page_bytes bigint)
  returns table (lines text, reached bigint, head bigint)
  language plpgsql stable
  set plan_cache_mode to 'force_generic_plan' set jit to 'off' set max_parallel_workers_per_gather to '0'
  set enable_seqscan to 'off' set enable_bitmapscan to 'off' set enable_hashjoin to 'off' set enable_mergejoin to 'off'
  set "TimeZone" to 'UTC' set "DateStyle" to 'ISO'
  as $function$
  declare
    reader         uuid;
    after_position bigint;
    upto           bigint;
    last           bigint;
  begin
    for reader, after_position in select * from unnest(tenants, after_positions) loop
      head := annals.begin_read(reader, 'staff', null);
      reached := head;
      lines := null;
      if after_position < head then
        upto := least(head, after_position + page_limit);
        select concat(count(*), E'\\x1e', string_agg(l.line, E'\\x1e')), max(l.position) into lines, last
          from (select e.position,
                       case when coalesce(sum(octet_length(e.payload)) over (order by e.position rows between unbounded preceding and 1 preceding), 0)
                                 < page_bytes
                            then annals.event_line(e, (select r.effective_position from annals.retracted r
                                                        where r.tenant_id = reader and r.position = e.position), '') end as line
                  from annals.events e where e.tenant_id = reader and e.position > after_position and e.position <= upto
                 order by e.position) l
         where l.line is not null;
        reached := case when last < upto then last else upto end;
      end if;
      return next;
    end loop;
  end $function$`;
