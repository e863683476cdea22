import { createHash, randomBytes } from 'node:crypto';
import { inTenant } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';

/** Whom a ticket speaks for: a tenant and an audience, no more. */
export interface TicketHolder {
  /** Lower-case UUID. */
  readonly tenantId: string;
  readonly kind: 'user' | 'service' | 'customer';
  readonly userId: string;
  /** For a customer the record that it is. */
  readonly entity?: { readonly type: string; readonly id: string };
  /** When the holder's token ends; milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

export interface IssuedTicket {
  readonly ticket: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

const SECRET_BYTES = 32;
const TENANT_BYTES = 16;
const WRITTEN = /^[A-Za-z0-9_-]{64}$/;

/** A ticket that works once, on any instance, for `lifeMs` at most. Expired ones of the tenant go with this. Role app. */
export async function issueTicket(database: Database, holder: TicketHolder, lifeMs: number): Promise<IssuedTicket> {
  const secret = randomBytes(SECRET_BYTES);
  const expiresAt = Math.min(Date.now() + lifeMs, holder.expiresAt);
  const { tenantId, kind, userId, entity } = holder;
  const values = [tenantId, hashOf(secret), kind, userId, entity?.type, entity?.id, new Date(holder.expiresAt), new Date(expiresAt)];
  await inTenant(database, tenantId, async (client) => {
    await client.query('delete from annals_app.tickets where tenant_id = $1 and expires_at < $2', [tenantId, new Date()]);
    await client.query(
      `insert into annals_app.tickets (tenant_id, hash, kind, user_id, entity_type, entity_id, token_expires_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values,
    );
  });
  // the tenant stands in front, so that the one row can be found behind row-level security
  const tenant = Buffer.from(tenantId.replaceAll('-', ''), 'hex');
  return { ticket: Buffer.concat([tenant, secret]).toString('base64url'), expiresAt };
}

interface Row {
  readonly kind: TicketHolder['kind'];
  readonly user_id: string;
  readonly entity_type: string | null;
  readonly entity_id: string | null;
  readonly token_expires_at: Date;
  readonly expires_at: Date;
}

/** Uses the ticket up. `undefined`: unknown, used before, or expired, which look the same. Role app. */
export async function redeemTicket(database: Database, ticket: string): Promise<TicketHolder | undefined> {
  if (!WRITTEN.test(ticket)) return undefined;
  const bytes = Buffer.from(ticket, 'base64url');
  const tenantId = uuidText(bytes.subarray(0, TENANT_BYTES));
  const { rows } = await inTenant(database, tenantId, (client) =>
    client.query<Row>(
      `delete from annals_app.tickets where tenant_id = $1 and hash = $2
       returning kind, user_id, entity_type, entity_id, token_expires_at, expires_at`,
      [tenantId, hashOf(bytes.subarray(TENANT_BYTES))],
    ),
  );
  const [row] = rows;
  return row && row.expires_at.getTime() > Date.now() ? holderOf(tenantId, row) : undefined;
}

function holderOf(tenantId: string, row: Row): TicketHolder {
  const entity = row.entity_type !== null && row.entity_id !== null ? { entity: { type: row.entity_type, id: row.entity_id } } : {};
  return { tenantId, kind: row.kind, userId: row.user_id, expiresAt: row.token_expires_at.getTime(), ...entity };
}

const hashOf = (secret: Buffer): Buffer => createHash('sha256').update(secret).digest();

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
