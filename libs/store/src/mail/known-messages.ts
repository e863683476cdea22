import type { Database } from '../connect/open-database.js';
import { inTenant, type TenantClient } from '../connect/in-tenant.js';

/** A message that an `email.sent` has told of. */
export interface KnownMessage {
  readonly messageId: string;
  /** References of the `email.sent` as canonical JSON, the primary one first. */
  readonly entities: string;
}

/** Which of the ids are known, and to whom those messages went. */
export function knownMessages(database: Database, tenantId: string, messageIds: readonly string[]): Promise<KnownMessage[]> {
  if (messageIds.length === 0) return Promise.resolve([]);
  return inTenant(database, tenantId, (client) => findMessages(client, tenantId, messageIds));
}

export async function findMessages(client: TenantClient, tenantId: string, messageIds: readonly string[]): Promise<KnownMessage[]> {
  const { rows } = await client.query<{ message_id: string; entities: string }>(
    'select message_id, entities from annals_app.mail_messages where tenant_id = $1 and message_id = any ($2)',
    [tenantId, messageIds],
  );
  return rows.map((row) => ({ messageId: row.message_id, entities: row.entities }));
}
