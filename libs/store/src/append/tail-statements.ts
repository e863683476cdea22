import pg from 'pg';
import { formatTime } from '#libs/contracts';
import { insertDeadLetters } from '../dead-letters/insert-dead-letters.js';
import { notifyStatements } from './appended-channel.js';
import type { Decision } from './decide.js';
import { effectStatements, type AppendedRange } from './effects.js';
import type { Head, Locked } from './lock.js';

/** What follows the rows of the log in their transaction. `newMonths`: those not known to be stored. */
export function tailStatements(decision: Decision, locked: Locked, newMonths: Months): string[] {
  const { rows, deadLetters, heads, offsets } = decision;
  const quote = (text: string): string => pg.escapeLiteral(text);
  const statements = [...effectStatements(rows, awaitable(heads, locked), quote)];
  if (newMonths.size > 0) statements.push(insertMonths(newMonths));
  if (deadLetters.length > 0) statements.push(insertDeadLetters(deadLetters));
  if (heads.size > 0) statements.push(updateHeads(heads));
  if (offsets.size > 0) statements.push(updateOffsets(offsets, locked.offsetPlaces));
  return statements;
}

/** What tells those who wait for the tenants of a batch; empty where there are none. */
export function wakeStatements({ heads, touched }: Decision, locked: Locked): string[] {
  const position = (tenant: string): number => (heads.get(tenant) ?? locked.heads.get(tenant))?.position ?? 0;
  return notifyStatements(new Map([...touched].map((tenant) => [tenant, position(tenant)])));
}

function awaitable(heads: ReadonlyMap<string, Head>, { retracting, heads: before }: Locked): AppendedRange[] {
  const moved = [...heads].filter(([tenantId]) => retracting.has(tenantId));
  return moved.map(([tenantId, { position }]) => ({ tenantId, after: before.get(tenantId)?.position ?? 0, upTo: position }));
}

/** `bucket`s by tenant. */
export type Months = Map<string, Set<number>>;

function insertMonths(months: Months): string {
  const tuples = [...months].flatMap(([tenant, buckets]) => [...buckets].map((bucket) => `('${tenant}',${bucket})`));
  return `insert into annals.months (tenant_id, bucket) values ${tuples.join()} on conflict do nothing`;
}

function updateHeads(heads: ReadonlyMap<string, Head>): string {
  const tuples = [...heads].map(
    ([tenant, { position, appendedAt }]) => `('${tenant}'::uuid,${position}::bigint,'${formatTime(appendedAt)}'::timestamptz)`,
  );
  return `update annals.heads h set position = n.position, appended_at = n.appended_at
    from (values ${tuples.join()}) as n (tenant_id, position, appended_at) where h.tenant_id = n.tenant_id`;
}

/** Never backwards. By place: joined by their names, all rows would be compared with all. */
function updateOffsets(offsets: Decision['offsets'], rows: Locked['offsetPlaces']): string {
  const places = [...offsets.keys()].map((key) => `"${rows.get(key) ?? ''}"`);
  const nextOffsets = [...offsets.values()].map(({ nextOffset }) => nextOffset);
  return `update annals.offsets o set next_offset = n.next_offset, updated_at = clock_timestamp()
    from unnest('{${places.join()}}'::tid[], '{${nextOffsets.join()}}'::bigint[]) as n (place, next_offset)
    where o.ctid = n.place and o.next_offset < n.next_offset`;
}
