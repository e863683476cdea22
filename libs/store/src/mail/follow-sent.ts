import type { Database } from '../connect/open-database.js';
import { inTenant } from '../connect/in-tenant.js';
import { laggingTenants } from '../relay/checkpoints.js';

/** Checkpoint of the messages that are known. */
export const MAIL_CONSUMER = 'mail-messages';

/** Positions a step looks through. */
const AT_ONCE = 20_000;
/** RFC 5322 § 2.1.1: no header line is longer, so no message id is. */
const LONGEST_ID = 998;

export interface FollowedSent {
  readonly tenantId: string;
  /** Messages that are known from now on. */
  readonly messageIds: readonly string[];
  /** Save it as the checkpoint once everything that waited for these messages has joined. */
  readonly position: bigint;
}

/** Takes note of the next part of what was sent, tenant by tenant. Harmless when done again. */
export async function* followSent(database: Database): AsyncGenerator<FollowedSent> {
  for (const { tenantId, checkpoint, head } of await laggingTenants(database, MAIL_CONSUMER)) {
    for (let from = checkpoint; from < head; from += BigInt(AT_ONCE)) {
      const to = from + BigInt(AT_ONCE) < head ? from + BigInt(AT_ONCE) : head;
      yield { tenantId, messageIds: await noteSent(database, tenantId, from, to), position: to };
    }
  }
}

async function noteSent(database: Database, tenantId: string, from: bigint, to: bigint): Promise<string[]> {
  return inTenant(database, tenantId, async (client) => {
    const { rows } = await client.query<{ message_id: string }>(
      `with sent as (
         select distinct on (message_id) * from (
           select position, entities, btrim(payload::json ->> 'messageId', '<> ') as message_id
           from annals.events where tenant_id = $1 and position > $2 and position <= $3 and type = 'email.sent' and payload is not null
             and entities::json -> 0 ->> 'type' <> 'email_thread') one
         where length(message_id) between 1 and ${LONGEST_ID}
         order by message_id, position),
       noted as (
         insert into annals_app.mail_messages (tenant_id, message_id, position, entities)
         select $1, message_id, position, entities from sent
         on conflict do nothing)
       select message_id from sent`,
      [tenantId, String(from), String(to)],
    );
    return rows.map((row) => row.message_id);
  });
}
