import pg from 'pg';
import { refDigest } from '../prepare/ref-digest.js';
import type { PreparedEvent, Slice } from './types.js';

/** What one append has to know before it may decide. */
export interface LockRequest {
  readonly clusterId: string;
  /** Whose offsets to lock; null: the batch is not of Kafka's order (a re-drive), no offset counts. */
  readonly slices: readonly Slice[] | null;
  /** Sorted: every append locks heads in this order, so none waits in a circle. */
  readonly tenants: readonly string[];
  readonly events: readonly PreparedEvent[];
}

export interface Head {
  readonly position: number;
  /** Microseconds since the epoch. */
  readonly appendedAt: bigint;
}

export interface Locked {
  /** By `partitionKey`; null: none were locked, nothing is fenced. */
  readonly storedOffsets: ReadonlyMap<string, bigint> | null;
  readonly heads: ReadonlyMap<string, Head>;
  /** Microseconds since the epoch, read after the locks were held. */
  readonly clock: bigint;
  /** Position of those events whose identity is in the log already, by `identityKey`. */
  readonly known: ReadonlyMap<string, number>;
  /** Retractions that came before what they name. */
  readonly awaited: readonly AwaitedRetraction[];
}

export interface AwaitedRetraction {
  readonly tenantId: string;
  /** UUID. */
  readonly target: string;
  readonly byPosition: number;
}

export const partitionKey = (topicId: string, partition: number): string => `${topicId}/${partition}`;
export const identityKey = (tenantId: string, id: string): string => tenantId + id;

/** Rows that were seen and are never deleted need not be inserted again. Forgotten after any error. */
export interface SeenRows {
  readonly partitions: Set<string>;
  readonly tenants: Set<string>;
}

const quote = (text: string): string => pg.escapeLiteral(text);
interface StatementResult {
  readonly command: string;
  readonly rows: unknown[];
}
type OffsetRow = [topicId: string, partition: number, nextOffset: string];
type HeadRow = [tenantId: string, position: string, appendedAt: string];
type FoundRow = [awaited: boolean, tenantId: string, id: string, position: string];

/** Locks offsets and heads and looks identities up, in one simple query: one round trip. `before` are statements to put in front. */
export async function lock(client: pg.ClientBase, before: string, request: LockRequest, seen: SeenRows): Promise<Locked> {
  const { slices, clusterId } = request;
  const offsetStatements = slices === null ? ['select'] : lockOffsets(clusterId, slices, seen);
  const statements = [...offsetStatements, ...lockHeads(request, seen), CLOCK];
  if (request.events.length > 0) statements.push(lookUp(request));
  const results = (await client.query({ text: `${before}${statements.join(';')}`, rowMode: 'array' })) as unknown as StatementResult[];
  const [offsets, heads, clock, found] = results.filter(({ command }) => command === 'SELECT').map(({ rows }) => rows);
  return read(slices === null ? null : (offsets as OffsetRow[]), heads as HeadRow[], clock as [string][], (found ?? []) as FoundRow[]);
}

function lockOffsets(clusterId: string, slices: readonly Slice[], seen: SeenRows): string[] {
  const cluster = quote(clusterId);
  const key = ({ topicId, partition }: Slice): string => `${quote(topicId)},${partition}`;
  const unseen = slices.filter(({ topicId, partition }) => !seen.partitions.has(partitionKey(topicId, partition)));
  const rows = unseen.map((slice) => `(${cluster},${key(slice)},${quote(slice.topic)},${slice.fetchOffset})`).sort();
  const insert = `insert into annals.offsets (cluster_id, topic_id, partition, topic, next_offset) values ${rows.join()} on conflict do nothing`;
  const select = `select topic_id, partition, next_offset from annals.offsets
    where cluster_id = ${cluster} and (topic_id, partition) in (${slices.map((slice) => `(${key(slice)})`).join()})
    order by topic_id, partition for update`;
  return rows.length > 0 ? [insert, select] : [select];
}

function lockHeads({ tenants }: LockRequest, seen: SeenRows): string[] {
  const unseen = tenants.filter((tenant) => !seen.tenants.has(tenant));
  const insert = `insert into annals.heads (tenant_id, position, appended_at) values ${unseen
    .map((tenant) => `('${tenant}',0,to_timestamp(0))`)
    .join()} on conflict do nothing`;
  const select = `select tenant_id, position, (extract(epoch from appended_at) * 1000000)::bigint from annals.heads
    where tenant_id = any ('{${tenants.join()}}') order by tenant_id for update`;
  return unseen.length > 0 ? [insert, select] : [select];
}

const CLOCK = 'select (extract(epoch from clock_timestamp()) * 1000000)::bigint';

/** Only hex and digits go into the text. Comments are looked up by their own key too: a deletion may await them. */
function lookUp({ tenants, events }: LockRequest): string {
  const number = new Map(tenants.map((tenant, index) => [tenant, index + 1]));
  const tenantNumbers: number[] = [];
  const ids: string[] = [];
  for (const { tenantId, effect, id } of events) {
    const tenant = number.get(tenantId) as number;
    tenantNumbers.push(tenant);
    ids.push(id);
    if (effect?.kind !== 'open-comment') continue;
    tenantNumbers.push(tenant);
    ids.push(refDigest('comment', effect.commentId).toString('hex'));
  }
  return `with asked as materialized (
      select ('{${tenants.join()}}'::uuid[])[number] as tenant_id, id from unnest('{${tenantNumbers.join()}}'::int[], '{${ids.join()}}'::uuid[]) as u (number, id))
    select false, tenant_id, id, position from asked join annals.events using (tenant_id, id)
    union all
    select true, a.tenant_id, a.id, r.by_position from asked a join annals.retractions r on r.tenant_id = a.tenant_id and r.target = a.id`;
}

function read(offsets: OffsetRow[] | null, heads: HeadRow[], clock: [string][], found: FoundRow[]): Locked {
  const known = new Map<string, number>();
  const awaited: AwaitedRetraction[] = [];
  for (const [isAwaited, tenantId, id, position] of found) {
    if (isAwaited) awaited.push({ tenantId, target: id, byPosition: Number(position) });
    else known.set(identityKey(tenantId, id.replaceAll('-', '')), Number(position));
  }
  return {
    storedOffsets: offsets && new Map(offsets.map(([topicId, partition, next]) => [partitionKey(topicId, partition), BigInt(next)])),
    heads: new Map(heads.map(([tenant, position, at]) => [tenant, { position: Number(position), appendedAt: BigInt(at) }])),
    clock: BigInt((clock[0] as [string])[0]),
    known,
    awaited,
  };
}
