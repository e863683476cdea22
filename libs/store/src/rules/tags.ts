import type { EntityRef } from '#libs/contracts';
import type { TenantClient } from '../connect/in-tenant.js';
import { postgresTime } from '../read/postgres-time.js';
import { tagsAsOf, type KnownChange } from './tags-as-of.js';

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
  const records = new Map(asked.map((one) => [keyOf(one), one]));
  const known = await changesOf(client, records);
  const apart = asked.filter((one) => known.get(keyOf(one)) === 'apart');
  const tagsApart = new Map((await tagsApartOf(client, apart)).map((tags, i) => [apart[i], tags]));
  return asked.map((one) => {
    const changes = known.get(keyOf(one)) ?? [];
    return changes === 'apart' ? (tagsApart.get(one) ?? []) : tagsAsOf(changes, one);
  });
}

/** The tags of the records of several events, in one question. The answer takes the very objects that were given: every event has its own. */
export async function lookUpTags(
  client: TenantClient,
  records: readonly { readonly event: Omit<AtEvent, 'entity'>; readonly entity: EntityRef }[],
): Promise<(entity: EntityRef) => readonly string[]> {
  const asked = records.map(({ event: { tenantId, occurredAt, position }, entity }) => ({ tenantId, occurredAt, position, entity }));
  const found = await tagsThen(client, asked);
  const byEntity = new Map(records.map(({ entity }, i) => [entity, found[i] ?? []]));
  return (entity) => byEntity.get(entity) ?? [];
}

const keyOf = ({ tenantId, entity }: AtEvent): string => `${tenantId} ${entity.type}/${entity.id}`;

interface Row {
  readonly nth: string;
  readonly apart: boolean;
  readonly tag: string;
  readonly added: boolean;
  readonly occurred: string;
  readonly position: string;
  readonly effective: string | null;
}

/** `apart`: merged contacts, and records with very many changes, are better asked for event by event. Most records have none at all. */
async function changesOf(client: TenantClient, records: ReadonlyMap<string, AtEvent>): Promise<Map<string, KnownChange[] | 'apart'>> {
  const found = new Map<string, KnownChange[] | 'apart'>();
  if (records.size === 0) return found;
  const keys = [...records.keys()];
  const [tenants, types, ids] = columns([...records.values()]);
  const { rows } = await client.query<Row>({ name: 'annals.tag_changes_of', text: CHANGES_OF, values: [tenants, types, ids] });
  for (const row of rows) enter(found, keys[Number(row.nth) - 1] ?? '', row);
  return found;
}

const MANY = 1_000;

function enter(found: Map<string, KnownChange[] | 'apart'>, key: string, row: Row): void {
  const before = found.get(key) ?? [];
  if (row.apart || before === 'apart' || before.length === MANY) return void found.set(key, 'apart');
  const { tag, added, occurred, position, effective } = row;
  const retractedAt = effective === null ? null : BigInt(effective);
  before.push({ tag, added, occurredAt: BigInt(occurred), position: BigInt(position), retractedAt });
  found.set(key, before);
}

const isMerged = (tenant: string, type: string, ref: string): string => `(${type} = 'contact' and exists (
    select from annals.merges m where m.tenant_id = ${tenant} and m.from_ref = ${ref}
    union all select from annals.merges m where m.tenant_id = ${tenant} and m.into_ref = ${ref}))`;

const CHANGES_OF = `
  select w.nth, whose.apart, c.*
  from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality w (tenant_id, type, id, nth)
  cross join lateral (select annals.ref(w.type, w.id) as ref offset 0) named
  cross join lateral (select ${isMerged('w.tenant_id', 'w.type', 'named.ref')} as apart offset 0) whose
  left join lateral (
    select c.tag, c.added, (extract(epoch from c.occurred_at) * 1000000)::bigint as occurred, c.position, x.effective_position as effective
    from annals_app.tag_changes c
    left join lateral (select * from annals.retracted x where x.tenant_id = c.tenant_id and x.position = c.position offset 0) x on true
    where c.tenant_id = w.tenant_id and c.ref = named.ref order by c.occurred_at, c.position limit ${MANY + 1}) c on not whose.apart
  where whose.apart or c.tag is not null
  order by w.nth, c.occurred, c.position`;

async function tagsApartOf(client: TenantClient, asked: readonly AtEvent[]): Promise<string[][]> {
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
    select case when ${isMerged('w.tenant_id', 'w.type', 'named.ref')}
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
