import type { Database } from '../connect/open-database.js';
import { inTenant } from '../connect/in-tenant.js';

/** `same_body`: it came before, with the very same body. */
export type TokenUse = 'claimed' | 'same_body' | 'other_body';

/** Claims a token that is good for one body. `token` and `body` are digests. */
export async function claimToken(database: Database, tenantId: string, token: Buffer, body: Buffer): Promise<TokenUse> {
  return inTenant(database, tenantId, async (client) => {
    const { rowCount } = await client.query(
      'insert into annals_app.webhook_tokens (tenant_id, token, body) values ($1, $2, $3) on conflict do nothing',
      [tenantId, token, body],
    );
    if (rowCount === 1) return 'claimed';
    const { rows } = await client.query<{ same: boolean }>(
      'select body = $3 as same from annals_app.webhook_tokens where tenant_id = $1 and token = $2',
      [tenantId, token, body],
    );
    return rows[0]?.same === true ? 'same_body' : 'other_body';
  });
}

/** Deletes what is too old to matter; the answer is how many rows. */
export async function forgetOldMail({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ forgotten: string }>('select annals_app.forget_old_mail() as forgotten');
  return Number(rows[0]?.forgotten ?? 0);
}
