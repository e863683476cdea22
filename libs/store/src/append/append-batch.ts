import type pg from 'pg';
import type { BinaryCopy } from './binary-copy.js';
import { decide, partitionsBehind, type Decision } from './decide.js';
import { lock, partitionKey, type Locked, type LockRequest, type SeenRows } from './lock.js';
import { storedContents, type StoredContent } from './stored-content.js';
import { monthKey, tailStatements } from './tail-statements.js';
import type { AppendBatch, AppendHooks, AppendOutcome, PreparedEvent, Slice } from './types.js';
import { writeCopy } from './write-copy.js';
import { writeUnnest } from './write-unnest.js';

/** What a store remembers between appends. It only saves statements: forgetting it changes nothing. */
export interface Remembered extends SeenRows {
  /** `monthKey`s known to be committed. */
  readonly months: Set<string>;
}

export interface AppendMeans {
  readonly client: pg.ClientBase;
  /** Null: COPY is refused to this role. */
  readonly copy: BinaryCopy | null;
  readonly remembered: Remembered;
  readonly hooks: AppendHooks | undefined;
}

/** One append: lock and look up, decide, write. Two round trips, unless something in the batch is known already or hooks are set. */
export async function appendBatch(means: AppendMeans, batch: AppendBatch): Promise<AppendOutcome> {
  const { client, hooks } = means;
  const request = lockRequest(batch.clusterId, batch.slices);
  if (hooks !== undefined) {
    await client.query('begin');
    await hooks.at('after_begin');
  }
  const locked = await lock(client, hooks === undefined ? 'begin;' : '', request, means.remembered);
  await hooks?.at('after_locks');
  const seek = partitionsBehind(batch.slices, locked);
  if (seek.length > 0) {
    await client.query('rollback');
    return { outcome: 'behind', seek };
  }
  const decision = decide(batch.slices, locked, await contentsOfKnown(client, request.events, locked));
  await write(means, batch.clusterId, decision, locked);
  await hooks?.at('after_commit');
  remember(means.remembered, request, decision);
  return committed(decision);
}

export function lockRequest(clusterId: string, slices: readonly Slice[]): LockRequest & { readonly slices: readonly Slice[] } {
  const events: PreparedEvent[] = [];
  const tenants = new Set<string>();
  for (const { records } of slices) {
    for (const record of records) {
      if (record.outcome !== 'event') continue;
      events.push(record.prepared);
      tenants.add(record.prepared.event.tenantId);
    }
  }
  return { clusterId, slices, tenants: [...tenants].sort(), events };
}

export async function contentsOfKnown(
  client: pg.ClientBase,
  events: readonly PreparedEvent[],
  { known }: Locked,
): Promise<Map<string, StoredContent>> {
  if (known.size === 0) return new Map();
  return storedContents(
    client,
    [...known].map(([key, position]) => ({ tenantId: key.slice(0, 36), position })),
  );
}

async function write(
  { client, copy, remembered, hooks }: AppendMeans,
  clusterId: string,
  decision: Decision,
  locked: Locked,
): Promise<void> {
  const tail = tailStatements(clusterId, decision, locked, newMonths(decision, remembered));
  const last = hooks === undefined ? [...tail, 'commit'] : tail;
  // with hooks the COMMIT travels apart, so that a test can stand in front of it
  if (copy === null) await writeUnnest(client, decision.rows, last.join(';'));
  else await writeCopy(client, decision.rows, last.join(';'), copy);
  if (hooks === undefined) return;
  await hooks.at('before_commit');
  await client.query('commit');
}

function newMonths({ rows }: Decision, remembered: Remembered): Set<string> {
  const months = new Set<string>();
  for (const { prepared } of rows) {
    const key = monthKey(prepared.event.tenantId, prepared.bucket);
    if (!remembered.months.has(key)) months.add(key);
  }
  return months;
}

/** Rows remembered of one kind; beyond, it starts anew. */
const MOST_REMEMBERED = 200_000;

function remember(remembered: Remembered, request: LockRequest & { readonly slices: readonly Slice[] }, decision: Decision): void {
  for (const set of [remembered.months, remembered.partitions, remembered.tenants]) if (set.size > MOST_REMEMBERED) set.clear();
  for (const { topicId, partition } of request.slices) remembered.partitions.add(partitionKey(topicId, partition));
  for (const tenant of request.tenants) remembered.tenants.add(tenant);
  for (const month of newMonths(decision, remembered)) remembered.months.add(month);
}

function committed({ rows, deadLetters, duplicates, conflicts, skipped }: Decision): AppendOutcome {
  const appendedByType = new Map<string, number>();
  for (const { prepared } of rows) appendedByType.set(prepared.event.type, (appendedByType.get(prepared.event.type) ?? 0) + 1);
  return { outcome: 'committed', appended: rows.length, duplicates, conflicts, deadLetters: deadLetters.length, skipped, appendedByType };
}
