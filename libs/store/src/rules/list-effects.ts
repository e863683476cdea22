import type { TenantClient } from '../connect/in-tenant.js';

/** One line of the ledger. */
export interface StoredEffect {
  readonly ruleVersion: number;
  readonly eventId: string;
  readonly position: bigint;
  readonly recipient: string;
  readonly outcome: 'fired' | 'held: backfill' | 'too old' | 'retracted';
  readonly decidedAt: Date;
}

/** Where a page ended. */
export type EffectPlace = Pick<StoredEffect, 'position' | 'ruleVersion' | 'recipient'>;

export interface EffectsWanted {
  readonly limit: number;
  readonly outcome?: string | undefined;
  readonly after?: EffectPlace | undefined;
}

/** Inside `inTenant`: what a rule did, newest event first; null: the tenant has no such rule, nor had it one. */
export async function listEffects(
  client: TenantClient,
  ruleId: string,
  { limit, outcome, after }: EffectsWanted,
): Promise<StoredEffect[] | null> {
  const { rowCount } = await client.query('select from annals_app.rules where id::text = $1', [ruleId]);
  if (rowCount === 0 && ruleId !== 'mention') return null;
  const { rows } = await client.query<{
    rule_version: number;
    event_id: string;
    position: string;
    recipient: string;
    outcome: StoredEffect['outcome'];
    decided_at: Date;
  }>(
    `select rule_version, event_id, position, recipient, outcome, decided_at from annals_app.effects
     where rule_id = $1 and ($3::text is null or outcome = $3)
       and ($4::bigint is null or position < $4 or position = $4 and (rule_version < $5 or rule_version = $5 and recipient > $6))
     order by position desc, rule_version desc, recipient limit $2`,
    [ruleId, limit, outcome, after && String(after.position), after?.ruleVersion, after?.recipient],
  );
  return rows.map((row) => ({
    ruleVersion: row.rule_version,
    eventId: row.event_id,
    position: BigInt(row.position),
    recipient: row.recipient,
    outcome: row.outcome,
    decidedAt: row.decided_at,
  }));
}
