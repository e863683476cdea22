import type { EventType } from '#libs/contracts';
import type { CustomDraft, CustomType, EventDraft } from './event-draft.js';
import type { Receipt } from './event-producer.js';
import { makeRecord, type Origin } from './make-record.js';
import { outboxTable } from './outbox-sql.js';

/** Runs one statement in the caller's transaction: `(text, values) => client.query(text, values)` of pg, `manager.query` of TypeORM. */
export type Query = (text: string, values: unknown[]) => PromiseLike<unknown>;

export interface OutboxOptions extends Origin {
  /** `annals_outbox` if left out; in a schema: `crm.annals_outbox`. */
  readonly table?: string;
}

/** Events that become true with a transaction of the caller's, and only with it. */
export interface Outbox {
  /**
   * Writes the event into the caller's transaction, checked as ingest would: rejects with `InvalidEvent` before anything is written.
   * Call it after the change it speaks of, in the same transaction, so that events of one record are published in the order of its
   * changes. `annals outbox-relay` publishes what was committed.
   */
  add<T extends EventType>(query: Query, type: T, event: EventDraft<T>): Promise<Receipt>;
  /** The same for a tenant's own type. */
  addCustom(query: Query, type: CustomType, event: CustomDraft): Promise<Receipt>;
}

/** Needs the table of `outboxSql` and no connection of its own. */
export function createOutbox(options: OutboxOptions): Outbox {
  const text = `insert into ${outboxTable(options.table)} (topic, key, headers, value, made_at) values ($1, $2, $3, $4, $5)`;
  const add = async (query: Query, type: string, draft: Parameters<typeof makeRecord>[2]) => {
    const { id, topic, key, headers, value, madeMs } = makeRecord(options, type, draft, Date.now());
    await query(text, [topic, key, JSON.stringify(headers), value, new Date(madeMs).toISOString()]);
    return { id };
  };
  return { add, addCustom: add };
}
