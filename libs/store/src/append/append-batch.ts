import pg from 'pg';
import { insertApart } from '../dead-letters/insert-dead-letters.js';
import { decide, partitionsBehind, type Decision } from './decide.js';
import { knownIdentities, lock, partitionKey, type Locked, type LockRequest, type SeenRows } from './lock.js';
import { storedContents, type StoredContent } from './stored-content.js';
import { tailStatements, wakeStatements, type Months } from './tail-statements.js';
import type { AppendBatch, AppendHooks, AppendOutcome, PreparedEvent, Slice } from './types.js';
import { writeCopy } from './write-copy.js';
import { writeUnnest } from './write-unnest.js';

/** What a store remembers between appends. It only saves statements: forgetting it changes nothing. */
export interface Remembered extends SeenRows {
  /** Months known to be committed, by tenant. */
  readonly months: Months;
  /** For so many appends more identities are looked up beforehand. */
  wary: number;
}

/** Where one event comes again others mostly do. */
const WARY_APPENDS = 50;

export interface AppendMeans {
  readonly client: pg.ClientBase;
  /** COPY may be refused to this role. */
  readonly mayCopy: boolean;
  readonly remembered: Remembered;
  readonly hooks: AppendHooks | undefined;
}

/**
 * One append: lock, decide, write. Two round trips, unless something in the batch is known already or hooks are set. Whether an identity is in
 * the log already is asked beforehand only while events come again; else its unique index says so, and the batch is written once more under
 * the same locks, so that an append which waits behind this one finds what it expects.
 */
export async function appendBatch(means: AppendMeans, batch: AppendBatch): Promise<AppendOutcome> {
  const { client, hooks, remembered } = means;
  const isWary = remembered.wary > 0;
  if (isWary) remembered.wary--;
  const request = lockRequest(batch.clusterId, batch.slices, isWary);
  if (hooks !== undefined) {
    await client.query('begin');
    await hooks.at('after_begin');
  }
  const locked = await lock(client, request, remembered, { before: hooks === undefined ? ['begin'] : [], after: ['savepoint locked'] });
  await hooks?.at('after_locks');
  const seek = partitionsBehind(batch.slices, locked);
  if (seek.length > 0) {
    await client.query('rollback');
    return { outcome: 'behind', seek };
  }
  try {
    return await write(means, batch.slices, locked);
  } catch (error) {
    if (isWary || !isKnownIdentity(error)) throw error;
    await client.query('rollback to locked');
    const known = await knownIdentities(client, lockRequest(batch.clusterId, batch.slices, true));
    return write(means, batch.slices, { ...locked, known });
  }
}

const isKnownIdentity = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '23505' && error.constraint === 'events_tenant_id_id_key';

/** Under the locks: decides and writes, up to the commit and those who wait for it. */
async function write(means: AppendMeans, slices: readonly Slice[], locked: Locked): Promise<AppendOutcome> {
  const { client, hooks, remembered } = means;
  if (locked.known.size > 0) remembered.wary = WARY_APPENDS;
  const decision = decide(slices, locked, await contentsOfKnown(client, locked));
  const months = newMonths(decision, remembered.months);
  const deadLetters = await insertApart(client, decision.deadLetters);
  const tail = tailStatements({ ...decision, deadLetters }, locked, months);
  await writeRows(means, decision, tail, wakeStatements(decision, locked));
  await hooks?.at('after_commit');
  remember(remembered, slices, locked.heads.keys(), months);
  return committed(decision);
}

export function lockRequest(clusterId: string, slices: readonly Slice[], looksUp: boolean): LockRequest {
  const lookUp: PreparedEvent[] = [];
  const tenants = new Set<string>();
  for (const { records } of slices) {
    for (const record of records) {
      if (record.outcome !== 'event') continue;
      if (looksUp) lookUp.push(record.prepared);
      tenants.add(record.prepared.tenantId);
    }
  }
  return { clusterId, slices, tenants: [...tenants].sort(), lookUp };
}

export async function contentsOfKnown(client: pg.ClientBase, { known }: Locked): Promise<Map<string, StoredContent>> {
  if (known.size === 0) return new Map();
  return storedContents(
    client,
    [...known].map(([key, position]) => ({ tenantId: key.slice(0, 36), position })),
  );
}

/**
 * Who waits is woken by a transaction of its own. PostgreSQL lets one transaction with a NOTIFY commit at a time, in all databases, and each would
 * hold the others up for as long as the disk takes. The commit record of this one may be lost: the wake has then been sent, or is made good by a look.
 */
async function writeRows(
  { client, mayCopy, hooks }: AppendMeans,
  { rows }: Decision,
  tail: readonly string[],
  wakes: readonly string[],
): Promise<void> {
  // heads and offsets were locked before the savepoint: changed behind it, each would have two lockers to keep
  const statements = ['release locked', ...tail];
  const wake = wakes.length > 0 ? ['set local synchronous_commit = off', ...wakes] : [];
  // with hooks the COMMIT travels apart, so that a test can stand in front of it
  const last = hooks === undefined ? [...statements, 'commit', ...wake] : statements;
  if (mayCopy) await writeCopy(client, rows, last.join(';'));
  else await writeUnnest(client, rows, last.join(';'));
  if (hooks === undefined) return;
  await hooks.at('before_commit');
  await client.query(['commit', ...wake].join(';'));
}

/** Months of the batch that are not known to be stored, by tenant. */
export function newMonths({ rows }: Decision, known: Months): Months {
  const months: Months = new Map();
  for (const { prepared } of rows) {
    const { tenantId, bucket } = prepared;
    if (known.get(tenantId)?.has(bucket) !== true) addTo(months, tenantId, bucket);
  }
  return months;
}

function addTo(months: Months, tenantId: string, bucket: number): void {
  const own = months.get(tenantId);
  if (own === undefined) months.set(tenantId, new Set([bucket]));
  else own.add(bucket);
}

/** Tenants or partitions remembered; beyond, it starts anew. */
const MOST_REMEMBERED = 50_000;

function remember(remembered: Remembered, slices: readonly Slice[], tenants: Iterable<string>, months: Months): void {
  for (const kept of [remembered.months, remembered.partitions, remembered.tenants]) if (kept.size > MOST_REMEMBERED) kept.clear();
  for (const { topicId, partition } of slices) remembered.partitions.add(partitionKey(topicId, partition));
  for (const tenant of tenants) remembered.tenants.add(tenant);
  for (const [tenant, buckets] of months) for (const bucket of buckets) addTo(remembered.months, tenant, bucket);
}

function committed({ rows, deadLetters, duplicates, conflicts, skipped, tombstones }: Decision): AppendOutcome {
  return {
    ...{ outcome: 'committed', appended: rows.length, duplicates, conflicts, deadLetters: deadLetters.length, skipped, tombstones },
    appendedByType: countBy(rows, ({ prepared }) => prepared.type),
    deadLettersByReason: countBy(deadLetters, ({ letter }) => letter.rejection.reason),
  };
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}
