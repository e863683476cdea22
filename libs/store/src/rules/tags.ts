import type { EntityRef } from '#libs/contracts';
import type { TenantClient } from '../connect/in-tenant.js';
import { postgresTime } from '../read/postgres-time.js';

interface AtEvent {
  readonly tenantId: string;
  readonly entity: EntityRef;
  /** Microseconds since the Unix epoch. */
  readonly occurredAt: bigint;
  readonly position: bigint;
}

/** A tag given or taken. */
export interface TagChange extends AtEvent {
  readonly tag: string;
  readonly added: boolean;
}

const columns = (list: readonly AtEvent[]): string[][] => [
  list.map(({ tenantId }) => tenantId),
  list.map(({ entity }) => entity.type),
  list.map(({ entity }) => entity.id),
  list.map(({ occurredAt }) => postgresTime(occurredAt)),
  list.map(({ position }) => String(position)),
];

/** Keeps what was read from the log; what is known already stays as it is. */
export async function keepTagChanges(client: TenantClient, changes: readonly TagChange[]): Promise<void> {
  if (changes.length === 0) return;
  await client.query(
    `insert into annals_app.tag_changes (tenant_id, ref, occurred_at, position, tag, added)
     select c.tenant_id, annals.ref(c.type, c.id), c.occurred_at, c.position, c.tag, c.added
     from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[], $6::text[], $7::bool[])
       c (tenant_id, type, id, occurred_at, position, tag, added)
     on conflict do nothing`,
    [...columns(changes), changes.map(({ tag }) => tag), changes.map(({ added }) => added)],
  );
}

/**
 * The tags each record had when an event happened, in the order asked: of the changes that happened no later (`occurred_at`) and stand
 * before it (`position`) the last counts, unless it had been retracted before it. Contacts merged before it read as one. Whoever asks
 * again, at any time, gets the same, provided that the changes up to the event have been kept.
 */
export async function tagsThen(client: TenantClient, asked: readonly AtEvent[]): Promise<string[][]> {
  if (asked.length === 0) return [];
  const { rows } = await client.query<{ nth: string; tags: string[] }>({
    name: 'annals.tags_then',
    text: TAGS_THEN,
    values: columns(asked),
  });
  const found = new Map(rows.map(({ nth, tags }) => [Number(nth), tags]));
  return asked.map((_, i) => found.get(i + 1) ?? []);
}

const TAGS_THEN = `
  select w.nth, array_agg(t.tag) as tags
  from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[])
    with ordinality w (tenant_id, type, id, occurred_at, position, nth)
  cross join lateral (select annals.ref(w.type, w.id) as ref offset 0) named
  cross join lateral (
    select case when w.type = 'contact' and exists (
                  select from annals.merges m where m.tenant_id = w.tenant_id and m.from_ref = named.ref
                  union all select from annals.merges m where m.tenant_id = w.tenant_id and m.into_ref = named.ref)
           then annals.merged_refs(w.tenant_id, named.ref, w.position - 1) else array[named.ref] end as refs offset 0) whose
  cross join lateral (
    select distinct on (c.tag) c.tag, c.added
    from unnest(whose.refs) r (ref)
    join annals_app.tag_changes c on c.tenant_id = w.tenant_id and c.ref = r.ref and c.occurred_at <= w.occurred_at and c.position < w.position
    where not exists (select from annals.retracted x
                      where x.tenant_id = c.tenant_id and x.position = c.position and x.effective_position < w.position)
    order by c.tag, c.occurred_at desc, c.position desc) t
  where t.added
  group by w.nth`;
