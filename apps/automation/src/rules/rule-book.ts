import { compileRule, MENTION_RULE_ID, mentionRule, type CompiledRule, type Rule } from '#libs/rules';
import { ruleDefinitions, rulesInForce, type RuleInForce, type TakenSpan, type TenantClient } from '#libs/store';

/** A rule version ready to be asked, with the part of the log it applies to. */
export interface StandingRule extends Omit<RuleInForce, 'tenantId'> {
  readonly compiled: CompiledRule;
}

const mentionFrom = (from: bigint): StandingRule => ({ ruleId: MENTION_RULE_ID, version: 1, from, to: null, compiled: mentionRule });
/** Versions never change, so a compiled one is kept; when there are more than so many, all are forgotten. */
const REMEMBERED = 20_000;

/** The rules that apply to what is in hand, by tenant and type. */
export interface Rules {
  of(tenantId: string, type: string): readonly StandingRule[];
  /** Every type that any of them starts on. */
  readonly types: ReadonlySet<string>;
  /** Of these the types whose payload is looked into. */
  readonly withPayload: ReadonlySet<string>;
}

export class RuleBook {
  private readonly compiled = new Map<string, CompiledRule>();

  /** Asks which versions apply in the spans; what one of them says is asked once. Every tenant has the rule of mentions. */
  async open(client: TenantClient, spans: readonly TakenSpan[]): Promise<Rules> {
    const inForce = await rulesInForce(client, spans);
    await this.learn(client, inForce);
    const byTenant = new Map<string, Map<string, StandingRule[]>>();
    for (const rule of inForce) {
      const compiled = this.compiled.get(keyOf(rule));
      if (compiled) enter(entry(byTenant, rule.tenantId), { ...rule, compiled });
    }
    for (const { tenantId, began } of spans) enter(entry(byTenant, tenantId), mentionFrom(began));
    const standing = [...byTenant.values()].flatMap((types) => [...types.values()].flat());
    return {
      of: (tenantId, type) => byTenant.get(tenantId)?.get(type) ?? [],
      types: new Set(standing.flatMap(({ compiled }) => compiled.rule.on)),
      withPayload: new Set(standing.filter(({ compiled }) => compiled.readsPayload).flatMap(({ compiled }) => compiled.rule.on)),
    };
  }

  private async learn(client: TenantClient, inForce: readonly RuleInForce[]): Promise<void> {
    if (this.compiled.size > REMEMBERED) this.compiled.clear();
    const unknown = inForce.filter((rule) => !this.compiled.has(keyOf(rule)));
    if (unknown.length === 0) return;
    const definitions = await ruleDefinitions(client, unknown);
    for (const [i, definition] of definitions.entries()) {
      const rule = unknown[i];
      if (rule) this.compiled.set(keyOf(rule), compileRule(JSON.parse(definition) as Rule));
    }
  }
}

const keyOf = ({ tenantId, ruleId, version }: RuleInForce): string => `${tenantId} ${ruleId} ${version}`;

function entry(byTenant: Map<string, Map<string, StandingRule[]>>, tenantId: string): Map<string, StandingRule[]> {
  const known = byTenant.get(tenantId) ?? new Map<string, StandingRule[]>();
  byTenant.set(tenantId, known);
  return known;
}

function enter(types: Map<string, StandingRule[]>, rule: StandingRule): void {
  for (const type of rule.compiled.rule.on) {
    const list = types.get(type);
    if (list) list.push(rule);
    else types.set(type, [rule]);
  }
}
