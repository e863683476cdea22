import pg from 'pg';
import type { PreparedEvent, Slice } from './types.js';

/** What one append has to know before it may decide. */
export interface LockRequest {
  readonly clusterId: string;
  /** Whose offsets to lock; null: the batch is not of Kafka's order (a re-drive), no offset counts. */
  readonly slices: readonly Slice[] | null;
  /** Sorted: every append locks heads in this order, so none waits in a circle. */
  readonly tenants: readonly string[];
  /** Whose identities to look up; none: the unique index will say whether one is in the log already. */
  readonly lookUp: readonly PreparedEvent[];
}

export interface Head {
  readonly position: number;
  /** Microseconds since the epoch. */
  readonly appendedAt: bigint;
}

export interface Locked {
  /** By `partitionKey`; null: none were locked, nothing is fenced. */
  readonly storedOffsets: ReadonlyMap<string, bigint> | null;
  /** Where their rows stand (ctid), by `partitionKey`: they stay there while they are locked. */
  readonly offsetPlaces: ReadonlyMap<string, string>;
  readonly heads: ReadonlyMap<string, Head>;
  /** Microseconds since the epoch, read after the locks were held. */
  readonly clock: bigint;
  /** Tenants in whose log anything was ever retracted: what they append may have been awaited. */
  readonly retracting: ReadonlySet<string>;
  /** Position of those events asked for whose identity is in the log already, by `identityKey`. */
  readonly known: ReadonlyMap<string, number>;
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
type OffsetRow = [topicId: string, partition: number, nextOffset: string, place: string];
type HeadRow = [tenantId: string, position: string, appendedAt: string];
type MomentRow = [clock: string, retracting: string[]];
type KnownRow = [tenantId: string, id: string, position: string];

/** Statements of the same round trip. */
export interface Around {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Locks offsets and heads and looks identities up, in one simple query: one round trip. */
export async function lock(client: pg.ClientBase, request: LockRequest, seen: SeenRows, around?: Around): Promise<Locked> {
  const { slices, clusterId } = request;
  const offsetStatements = slices === null ? ['select'] : lockOffsets(clusterId, slices, seen);
  const statements = [...offsetStatements, ...lockHeads(request, seen), moment(request)];
  if (request.lookUp.length > 0) statements.push(lookUp(request));
  const all = [...(around?.before ?? []), ...statements, ...(around?.after ?? [])];
  const results = (await client.query({ text: all.join(';'), rowMode: 'array' })) as unknown as StatementResult[];
  const [offsets, heads, now, known] = results.filter(({ command }) => command === 'SELECT').map(({ rows }) => rows);
  return read(slices === null ? null : (offsets as OffsetRow[]), heads as HeadRow[], now as [MomentRow], (known ?? []) as KnownRow[]);
}

/** Those of `lookUp` that are in the log, as `Locked.known`. Only for who holds the heads: it stays true as long. */
export async function knownIdentities(client: pg.ClientBase, request: LockRequest): Promise<Locked['known']> {
  if (request.lookUp.length === 0) return new Map();
  const { rows } = await client.query<KnownRow>({ text: lookUp(request), rowMode: 'array' });
  return knownOf(rows);
}

function lockOffsets(clusterId: string, slices: readonly Slice[], seen: SeenRows): string[] {
  const cluster = quote(clusterId);
  const key = ({ topicId, partition }: Slice): string => `${quote(topicId)},${partition}`;
  const unseen = slices.filter(({ topicId, partition }) => !seen.partitions.has(partitionKey(topicId, partition)));
  const keys = new Set(slices.map(({ topicId, partition }) => partitionKey(topicId, partition)));
  const rows = unseen.map((slice) => `(${cluster},${key(slice)},${quote(slice.topic)},${slice.fetchOffset})`).sort();
  const insert = `insert into annals.offsets (cluster_id, topic_id, partition, topic, next_offset) values ${rows.join()} on conflict do nothing`;
  // against an array of constants each row is held by its hash; pairs would be compared one by one
  const select = `select topic_id, partition, next_offset, ctid from annals.offsets
    where cluster_id = ${cluster} and topic_id || '/' || partition = any (array[${[...keys].map(quote).join()}])
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

/** What holds once the locks are held: a statement of its own, since one that waits for a lock sees what was before it. */
const moment = ({ tenants }: LockRequest): string => `select (extract(epoch from clock_timestamp()) * 1000000)::bigint,
    array(select t from unnest('{${tenants.join()}}'::uuid[]) as t where exists (select from annals.retractions r where r.tenant_id = t))::text[]`;

/** Only hex and digits go into the text. */
function lookUp({ tenants, lookUp: events }: LockRequest): string {
  const number = new Map(tenants.map((tenant, index) => [tenant, index + 1]));
  const numbers = events.map(({ tenantId }) => number.get(tenantId) as number);
  return `select e.tenant_id, e.id, e.position
    from unnest('{${numbers.join()}}'::int[], '{${events.map(({ id }) => id).join()}}'::uuid[]) as asked (number, id)
    join annals.events e on e.tenant_id = ('{${tenants.join()}}'::uuid[])[asked.number] and e.id = asked.id`;
}

function read(offsets: OffsetRow[] | null, heads: HeadRow[], [[clock, retracting]]: [MomentRow], known: KnownRow[]): Locked {
  return {
    storedOffsets: offsets && new Map(offsets.map(([topicId, partition, next]) => [partitionKey(topicId, partition), BigInt(next)])),
    offsetPlaces: new Map(offsets?.map(([topicId, partition, , place]) => [partitionKey(topicId, partition), place])),
    heads: new Map(heads.map(([tenant, position, at]) => [tenant, { position: Number(position), appendedAt: BigInt(at) }])),
    clock: BigInt(clock),
    retracting: new Set(retracting),
    known: knownOf(known),
  };
}

const knownOf = (rows: readonly KnownRow[]): Map<string, number> =>
  new Map(rows.map(([tenantId, id, position]) => [identityKey(tenantId, id.replaceAll('-', '')), Number(position)]));
