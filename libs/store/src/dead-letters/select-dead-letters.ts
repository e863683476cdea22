import type { DeadLetterReason } from '#libs/contracts';
import type { DeadLetterSelection, DeadLetterSummary, StoredDeadLetter } from './types.js';

export const SUMMARY_COLUMNS =
  'topic, topic_id, partition, "offset", tenant_id, reason, schema_path, message, record_time, received_at, attempts, relayed_at, redriven_at';
export const ALL_COLUMNS = `${SUMMARY_COLUMNS}, key, value, headers`;

export interface SummaryRow {
  readonly topic: string;
  readonly topic_id: string;
  readonly partition: number;
  readonly offset: string;
  readonly tenant_id: string | null;
  readonly reason: DeadLetterReason;
  readonly schema_path: string;
  readonly message: string;
  readonly record_time: Date;
  readonly received_at: Date;
  readonly attempts: number;
  readonly relayed_at: Date | null;
  readonly redriven_at: Date | null;
}
export interface WholeRow extends SummaryRow {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: StoredDeadLetter['headers'];
}

export const toSummary = (row: SummaryRow): DeadLetterSummary => ({
  topic: row.topic,
  topicId: row.topic_id,
  partition: row.partition,
  offset: BigInt(row.offset),
  tenantId: row.tenant_id,
  reason: row.reason,
  schemaPath: row.schema_path,
  message: row.message,
  recordTime: row.record_time,
  receivedAt: row.received_at,
  attempts: row.attempts,
  relayedAt: row.relayed_at,
  redrivenAt: row.redriven_at,
});
export const toDeadLetter = (row: WholeRow): StoredDeadLetter => ({
  ...toSummary(row),
  key: row.key,
  value: row.value,
  headers: row.headers,
});

/** A selection as a WHERE clause, its values from `$1` on. */
export function whereSelected(selection: DeadLetterSelection): { readonly where: string; readonly values: unknown[] } {
  const values: unknown[] = [];
  const conditions = ['true'];
  const also = (condition: string, value: unknown): void => {
    if (value !== undefined) conditions.push(`${condition} $${values.push(value)}`);
  };
  also('topic =', selection.topic);
  also('topic_id =', selection.topicId);
  also('partition =', selection.partition);
  also('"offset" =', selection.offset?.toString());
  also('reason =', selection.reason);
  also('tenant_id =', selection.tenantId);
  also('awaited_type =', selection.awaits?.name);
  also('awaited_version =', selection.awaits?.version);
  also('received_at <', selection.before);
  if (selection.redriven !== true) conditions.push('redriven_at is null');
  return { where: conditions.join(' and '), values };
}
