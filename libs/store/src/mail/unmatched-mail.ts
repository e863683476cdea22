import type { Database } from '../connect/open-database.js';
import { inTenant } from '../connect/in-tenant.js';
import { findMessages, type KnownMessage } from './known-messages.js';

/** A callback whose message nobody has told of. */
export interface UnmatchedMail {
  readonly source: string;
  readonly sourceId: string;
  readonly messageIds: readonly string[];
  /** What happened, as JSON of the webhook's own. */
  readonly input: string;
}

export interface Parked {
  /** Identities (`source sourceId`) that have joined their timelines already: they must not be published as unmatched again. */
  readonly joined: ReadonlySet<string>;
  /** Messages that became known while these were parked. */
  readonly known: readonly KnownMessage[];
}

export const mailIdentity = ({ source, sourceId }: Pick<UnmatchedMail, 'source' | 'sourceId'>): string => `${source} ${sourceId}`;

/** Keeps callbacks until their sender's event arrives; harmless when they are kept already. */
export async function parkUnmatched(database: Database, tenantId: string, mails: readonly UnmatchedMail[]): Promise<Parked> {
  const rows = await inTenant(database, tenantId, async (client) => {
    const { rows: kept } = await client.query<{ source: string; source_id: string; joined: boolean }>(
      `insert into annals_app.mail_unmatched as m (tenant_id, source, source_id, message_ids, input)
       select $1, given.source, given.source_id, array(select jsonb_array_elements_text(given.message_ids)), given.input
       from jsonb_to_recordset($2) as given (source text, source_id text, message_ids jsonb, input text)
       on conflict (tenant_id, source, source_id) do update set parked_at = m.parked_at
       returning source, source_id, joined_at is not null as joined`,
      [tenantId, JSON.stringify(distinct(mails).map((mail) => ({ ...mail, source_id: mail.sourceId, message_ids: mail.messageIds })))],
    );
    return kept;
  });
  // after the rows are visible: whoever tells of the message from now on finds them
  const known = await inTenant(database, tenantId, (client) =>
    findMessages(
      client,
      tenantId,
      mails.flatMap(({ messageIds }) => messageIds),
    ),
  );
  const joined = rows.filter((row) => row.joined).map((row) => mailIdentity({ source: row.source, sourceId: row.source_id }));
  return { joined: new Set(joined), known };
}

/** Callbacks that wait for one of these messages. */
export async function unmatchedOf(database: Database, tenantId: string, messageIds: readonly string[]): Promise<UnmatchedMail[]> {
  return inTenant(database, tenantId, async (client) => {
    const { rows } = await client.query<{ source: string; source_id: string; message_ids: string[]; input: string }>(
      `select source, source_id, message_ids, input from annals_app.mail_unmatched
       where tenant_id = $1 and joined_at is null and message_ids && $2::text[]`,
      [tenantId, messageIds],
    );
    return rows.map((row) => ({ source: row.source, sourceId: row.source_id, messageIds: row.message_ids, input: row.input }));
  });
}

/** Call when the brokers have what joins them to their timelines. */
export async function markJoined(database: Database, tenantId: string, mails: readonly UnmatchedMail[]): Promise<void> {
  await inTenant(database, tenantId, (client) =>
    client.query(
      `update annals_app.mail_unmatched m set joined_at = now()
       from jsonb_to_recordset($2) as given (source text, source_id text)
       where m.tenant_id = $1 and m.source = given.source and m.source_id = given.source_id`,
      [tenantId, JSON.stringify(mails.map(({ source, sourceId }) => ({ source, source_id: sourceId })))],
    ),
  );
}

function distinct(mails: readonly UnmatchedMail[]): UnmatchedMail[] {
  return [...new Map(mails.map((mail) => [mailIdentity(mail), mail])).values()];
}
