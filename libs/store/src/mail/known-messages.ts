import type { Database } from '../connect/open-database.js';
import { inTenant, type TenantClient } from '../connect/in-tenant.js';

/** A message that an `email.sent` has told of. */
export interface KnownMessage {
  readonly messageId: string;
  /** References of the `email.sent` as canonical JSON, the primary one first. */
  readonly entities: string;
}

/** What is known of a callback before its events are placed. */
export interface KnownMail {
  readonly messages: readonly KnownMessage[];
  /** Ids of events of this source that came once before their message was known: they go the way they went. */
  readonly parked: ReadonlySet<string>;
}

/** Which of the messages are known and to whom they went, and which of the events have been parked. */
export async function knownMail(
  database: Database,
  tenantId: string,
  messageIds: readonly string[],
  { source, sourceIds }: { readonly source: string; readonly sourceIds: readonly string[] },
): Promise<KnownMail> {
  return inTenant(database, tenantId, async (client) => {
    const { rows } = await client.query<{ source_id: string }>(
      'select source_id from annals_app.mail_unmatched where tenant_id = $1 and source = $2 and source_id = any ($3)',
      [tenantId, source, sourceIds],
    );
    return { messages: await findMessages(client, tenantId, messageIds), parked: new Set(rows.map((row) => row.source_id)) };
  });
}

/** Which of the messages are known, and to whom they went. */
export function knownMessages(database: Database, tenantId: string, messageIds: readonly string[]): Promise<KnownMessage[]> {
  return inTenant(database, tenantId, (client) => findMessages(client, tenantId, messageIds));
}

export async function findMessages(client: TenantClient, tenantId: string, messageIds: readonly string[]): Promise<KnownMessage[]> {
  const { rows } = await client.query<{ message_id: string; entities: string }>(
    'select message_id, entities from annals_app.mail_messages where tenant_id = $1 and message_id = any ($2)',
    [tenantId, messageIds],
  );
  return rows.map((row) => ({ messageId: row.message_id, entities: row.entities }));
}
