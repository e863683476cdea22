import type { TenantClient } from '../connect/in-tenant.js';
import { readRule, type StoredRule } from './stored-rules.js';
import { rulesLock } from './rules-lock.js';

/** What is saved: the rule as JSON that libs/rules accepted. */
export interface RuleText {
  readonly definition: string;
  readonly enabled: boolean;
}

export interface Saving {
  readonly tenantId: string;
  /** Who saves. */
  readonly by: string;
  /** Asked for when nobody evaluates rules of the tenant: position of its newest event. */
  readonly head: () => Promise<bigint>;
}

/** `changed`: another version than the one the caller had seen. */
export type RuleSaved =
  | { readonly outcome: 'saved'; readonly rule: StoredRule }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'changed'; readonly version: number }
  | { readonly outcome: 'too many' };

/** Rules of one tenant. */
export const MOST_RULES = 500;

/** All of them inside `inTenant`. A rule applies to what is appended after it was saved, however far behind its evaluation is. */
export async function createRule(client: TenantClient, id: string, text: RuleText, saving: Saving): Promise<RuleSaved> {
  const head = await beginSaving(client, saving);
  const { rows } = await client.query<{ count: string }>('select count(*) from annals_app.rules where deleted_at is null');
  if (Number(rows[0]?.count) >= MOST_RULES) return { outcome: 'too many' };
  await client.query('insert into annals_app.rules (tenant_id, id, version, created_by) values ($1, $2, 1, $3)', [
    saving.tenantId,
    id,
    saving.by,
  ]);
  await insertVersion(client, id, 1, text, saving, head);
  return saved(client, id);
}

/** `seen`: the version the caller changes; undefined: whichever stands. */
export async function replaceRule(client: TenantClient, id: string, text: RuleText, saving: Saving, seen?: number): Promise<RuleSaved> {
  const head = await beginSaving(client, saving);
  const before = await readRule(client, id);
  if (before === null) return { outcome: 'unknown' };
  if (seen !== undefined && seen !== before.version) return { outcome: 'changed', version: before.version };
  await endVersion(client, before, head);
  await client.query('update annals_app.rules set version = $2 where id = $1', [id, before.version + 1]);
  await insertVersion(client, id, before.version + 1, text, saving, head);
  return saved(client, id);
}

/** What it did stays in the ledger. The answer is the rule as it was. */
export async function deleteRule(client: TenantClient, id: string, saving: Saving, seen?: number): Promise<RuleSaved> {
  const head = await beginSaving(client, saving);
  const before = await readRule(client, id);
  if (before === null) return { outcome: 'unknown' };
  if (seen !== undefined && seen !== before.version) return { outcome: 'changed', version: before.version };
  await endVersion(client, before, head);
  await client.query('update annals_app.rules set deleted_at = now(), deleted_by = $2 where id = $1', [id, saving.by]);
  return { outcome: 'saved', rule: before };
}

/** The head is read under the lock: what evaluation has passed by then lies before it, and it waits until the rule is saved. */
async function beginSaving(client: TenantClient, { tenantId, head }: Saving): Promise<bigint> {
  await client.query(`select pg_advisory_xact_lock(${rulesLock('$1::uuid')})`, [tenantId]);
  return head();
}

async function insertVersion(
  client: TenantClient,
  id: string,
  version: number,
  text: RuleText,
  { tenantId, by }: Saving,
  head: bigint,
): Promise<void> {
  await client.query(
    `insert into annals_app.rule_versions (tenant_id, rule_id, version, enabled, definition, from_position, created_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tenantId, id, version, text.enabled, text.definition, String(head), by],
  );
}

async function endVersion(client: TenantClient, { id, version }: StoredRule, head: bigint): Promise<void> {
  await client.query('update annals_app.rule_versions set to_position = $3 where rule_id = $1 and version = $2', [
    id,
    version,
    String(head),
  ]);
}

async function saved(client: TenantClient, id: string): Promise<RuleSaved> {
  const rule = await readRule(client, id);
  return rule === null ? { outcome: 'unknown' } : { outcome: 'saved', rule };
}
