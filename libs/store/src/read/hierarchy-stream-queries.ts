import type { NamedRead } from './read-rows.js';

/**
 * As the functions of migration 12 set them. Everything that is asked in the transaction is planned with them: a connection keeps the plans
 * inside `annals.children_of`, and the list uses them too.
 */
export const PLANS = /* sql */ `
set local plan_cache_mode = force_generic_plan;
set local enable_seqscan = off;
set local enable_bitmapscan = off;
set local enable_hashjoin = off;
set local enable_mergejoin = off;
set local max_parallel_workers_per_gather = 0;
set local jit = off;
set local timezone = 'UTC';
set local datestyle = 'ISO'`;

/** Events meet the memberships by a hash of these. */
export const PLANS_OF_A_PAGE = 'set local enable_hashjoin = on';

export const READ_TREE: NamedRead = {
  name: 'annals hierarchy of a stream',
  text: /* sql */ `
  with head as materialized (
       select coalesce((select h.position from annals.heads h where h.tenant_id = $1), 0) as position),
  tree as materialized (
       select h.position, annals.memberships_below($1, annals.ref('account', $2), $3, h.position) as below from head h),
  clipped as materialized (
       select t.*, annals.clip_memberships(t.below, row ($1, null, null, coalesce($4::timestamptz, '-infinity'),
                     coalesce($5::timestamptz, 'infinity'), 0, null, null, null, null, null)::annals.timeline_slice) as within from tree t)
  select c.position, c.within,
         (select string_agg(distinct r.ref::text, ',')
            from (select m.ref from unnest(c.within) m union all select annals.ref('account', $2)) r),
         c.below is null
    from clipped c`,
};

/** Both pages take the same values; they bring `annals.event_lines` and how far these reach, null: to the head. */
const pageOf = (found: string): string => /* sql */ `
  with asked as materialized (
       select annals.ref('account', $2) as root, coalesce($7::timestamptz, '-infinity') as from_at,
              coalesce($8::timestamptz, 'infinity') as before_at,
              case when $5::text is not null then array[annals.ref($5, $6)]
                   when $6::text is not null then array[annals.ref('human', $6), annals.ref('agent', $6), annals.ref('system', $6)] end as actors),
  found as materialized (
       select k.position, k.retracted_at from (${found}) k order by k.position limit $12),
  sized as materialized (
       select f.*, coalesce(sum(coalesce(octet_length(e.payload), 0))
                              over (order by f.position rows between unbounded preceding and 1 preceding), 0) as before
         from found f
        cross join lateral (select * from annals.events e where e.tenant_id = $1 and e.position = f.position offset 0) e),
  taken as materialized (select * from sized where before < $13)
  select annals.event_lines($1, array_agg(t.position order by t.position),
                            array_agg(case when t.retracted_at <= $11 then t.retracted_at end order by t.position), $14),
         case when count(*) < (select count(*) from found) or count(*) = $12 then max(t.position) end
    from taken t`;

const SHOWS = /* sql */ `(t.retracted_at_position is null or t.retracted_at_position > $11 or $9)
          and ($4::text[] is null or t.type = any ($4)) and (a.actors is null or t.actor = any (a.actors))`;

export const NEAR_PAGE: NamedRead = {
  name: 'annals hierarchy of a stream, near',
  text: pageOf(/* sql */ `
       select distinct t.position, t.retracted_at_position as retracted_at
         from asked a
        cross join annals.events e
        cross join lateral annals.refs_of(e.entities) as stands(ref)
         left join unnest($3::annals.membership[]) m on m.ref = stands.ref
        cross join lateral (
              select * from annals.timeline t
               where t.tenant_id = $1 and t.bucket = annals.month_of(e.occurred_at) and t.ref = stands.ref
                 and t.occurred_at = e.occurred_at and t.position = e.position offset 0) t
        where e.tenant_id = $1 and e.position > $10 and e.position <= $11
          and (e.occurred_at >= m.from_at and (e.occurred_at, e.position) < (m.before_at, m.before_position)
               or stands.ref = a.root and e.type = 'account.parent_changed'
                  and e.occurred_at >= a.from_at and e.occurred_at < a.before_at)
          and ${SHOWS}`),
};

export const FAR_PAGE: NamedRead = {
  name: 'annals hierarchy of a stream, far',
  text: pageOf(/* sql */ `
       select t.position, t.retracted_at_position as retracted_at
         from asked a
        cross join lateral (
              select t.* from annals.timeline t
               where t.tenant_id = $1 and t.ref = a.root and t.type = 'account.parent_changed'
                 and t.occurred_at >= a.from_at and t.occurred_at < a.before_at
                 and t.position > $10 and t.position <= $11 and ${SHOWS}
               order by t.position limit $12) t
        union
       select t.position, t.retracted_at_position
         from asked a
        cross join unnest($3::annals.membership[]) m
        cross join lateral (
              select t.* from annals.timeline t
               where t.tenant_id = $1 and t.ref = m.ref
                 and t.bucket = any (array(select months.bucket from annals.months where months.tenant_id = $1))
                 and t.bucket >= m.first_month and t.bucket <= m.last_month
                 and t.occurred_at >= m.from_at and (t.occurred_at, t.position) < (m.before_at, m.before_position)
                 and t.position > $10 and t.position <= $11 and ${SHOWS}
               order by t.position limit $12) t`),
};
