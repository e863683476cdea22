import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What several feeds go on with, as live hubs ask for it fifty times a second: in one pass over the new events. `annals.read_stream`, which can do
 * everything else, looks at each event three times (docs/decisions).
 */
export class Feeds1764000000022 implements MigrationInterface {
  name = 'Feeds1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(READ_FEEDS);
    await runner.query(`comment on function annals.read_feeds(uuid[], bigint[], int, bigint) is
      'What stands in the feeds of tenants after a position each, as staff read them with retracted entries: oldest first, at most page_limit events and some page_bytes of payload each, in the order asked. lines: as of annals.event_lines, without a mark; everything up to reached is in them.'`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

/** Positions have no holes, so a range of them bounds the work. The settings are those of annals.read_stream. */
const READ_FEEDS = `
  create function annals.read_feeds(tenants uuid[], after_positions bigint[], page_limit int, page_bytes bigint)
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
                       concat_ws(E'\\x1f', e.id, e.position, e.type, e.source_type, e.version, e.source, e.source_id, e.occurred_at, e.appended_at,
                                 e.time_quality, e.ingest_mode, e.actor_type, e.actor_id, e.entities,
                                 coalesce('+' || e.recorded_at, ''), coalesce('+' || e.on_behalf_of, ''), coalesce('+' || e.correlation_id, ''),
                                 coalesce('+' || e.causation_id, ''), coalesce('+' || e.traceparent, ''), coalesce('+' || e.summary, ''),
                                 coalesce('+' || e.payload, ''),
                                 coalesce('+' || (select r.effective_position from annals.retracted r
                                                   where r.tenant_id = reader and r.position = e.position), '')) as line
                  from (select *, sum(coalesce(octet_length(payload), 0)) over (order by position rows between unbounded preceding and 1 preceding)
                                  as before
                          from annals.events where tenant_id = reader and position > after_position and position <= upto) e
                 where coalesce(e.before, 0) < page_bytes
                 order by e.position) l;
        reached := case when last < upto then last else upto end;
      end if;
      return next;
    end loop;
  end $function$`;
