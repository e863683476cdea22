import { compileRule, parseRule, type CompiledRule, type Rule } from '#libs/rules';
import { readRule, type StoredRule, type TenantClient } from '#libs/store';
import { fieldProblem, notFound } from '../http/problem-exception.js';
import type { QueryParts } from '../query-parts.js';
import type { RuleAnswer } from './rule-answers.js';
import type { RuleDto } from './rule.dto.js';

/**
 * The rule that a body means, by the types of the tenant. Ends the request with 422 that names every fault by a JSON Pointer into the
 * body: what is accepted can be evaluated. `within`: where in the body the rule stands.
 */
export async function acceptRule(parts: QueryParts, tenantId: string, body: object, within = ''): Promise<Rule> {
  await parts.refreshTypes(tenantId);
  const parsed = parseRule(body, (name) => parts.types.resolve(name, tenantId));
  if (parsed.outcome === 'rule') return parsed.rule;
  throw fieldProblem(
    422,
    'rule-not-evaluable',
    parsed.faults.map(({ pointer, message }) => ({ field: within + pointer, message })),
  );
}

/** Inside `inTenant`. 404 where there is none. */
export async function theRule(client: TenantClient, id: string): Promise<StoredRule> {
  const rule = await readRule(client, id.toLowerCase());
  if (rule === null) throw notFound();
  return rule;
}

export const compiledRule = ({ definition }: StoredRule): CompiledRule => compileRule(JSON.parse(definition) as Rule);

export function ruleAnswer(stored: StoredRule): RuleAnswer {
  const { id, version, enabled, definition, fromPosition, createdBy, createdAt, updatedBy, updatedAt } = stored;
  const rule = JSON.parse(definition) as RuleDto;
  return {
    ...{ id, version, enabled, ...rule, fromPosition: Number(fromPosition) },
    ...{ createdBy, createdAt: createdAt.toISOString(), updatedBy, updatedAt: updatedAt.toISOString() },
  };
}
