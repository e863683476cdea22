import type { EntityRef, TypeRegistry } from '#libs/contracts';
import { askedAbout, recordsToLookUp, type RuleEvent } from '#libs/rules';
import type { Effect, SlimEvent } from '#libs/store';
import type { Rules, StandingRule } from './rule-book.js';

/** An event with the versions that apply to it. */
export interface Considered {
  readonly event: SlimEvent;
  readonly rules: readonly StandingRule[];
}

/** The events that any rule applies to, in the order given. */
export function considered(events: readonly SlimEvent[], rules: Rules): Considered[] {
  return events
    .map((event) => ({ event, rules: rules.of(event.tenantId, event.type).filter((rule) => appliesTo(rule, event)) }))
    .filter((one) => one.rules.length > 0);
}

const appliesTo = ({ from, to }: StandingRule, { position }: SlimEvent): boolean => position > from && (to === null || position <= to);

/** Records of events whose tags must be known before rules can be asked. */
export function taggedRecords(
  all: readonly Considered[],
  types: TypeRegistry,
): { readonly event: SlimEvent; readonly entity: EntityRef }[] {
  return all.flatMap(({ event, rules }) => {
    const compiled = rules.map((rule) => rule.compiled);
    return recordsToLookUp(event, compiled, types).map((entity) => ({ event, entity }));
  });
}

export interface Asking {
  readonly tagsOf: RuleEvent['tagsOf'];
  readonly types: TypeRegistry;
  /** Effects of a tenant after which it waits for the next batch. */
  readonly share: number;
}

/**
 * Gives what every rule that matches does, a rule and an event at a time: rules and recipients may be so many that memory would not hold all of
 * one event. A tenant that has had its share stops behind the event, and goes on with the next batch; other tenants do not notice. Answers by
 * tenant where it stopped.
 */
export async function decideAll(
  all: readonly Considered[],
  { tagsOf, types, share }: Asking,
  give: (effects: readonly Effect[]) => Promise<void>,
): Promise<ReadonlyMap<string, bigint>> {
  const counts = new Map<string, number>();
  const stopped = new Map<string, bigint>();
  for (const { event, rules } of all) {
    const { tenantId, position } = event;
    if (stopped.has(tenantId)) continue;
    const asked = askedAbout(event, types, tagsOf);
    let count = counts.get(tenantId) ?? 0;
    for (const rule of rules) {
      const effects = effectsOf(rule, event, asked);
      if (effects.length > 0) await give(effects);
      count += effects.length;
    }
    counts.set(tenantId, count);
    if (count >= share) stopped.set(tenantId, position);
  }
  return stopped;
}

function effectsOf({ ruleId, version, compiled }: StandingRule, { tenantId, id, position }: SlimEvent, asked: RuleEvent): Effect[] {
  const decision = compiled.decide(asked);
  if (decision.outcome === 'quiet') return [];
  const { outcome } = decision;
  const reason = compiled.rule.name;
  return decision.recipients.map((recipient) => ({
    tenantId,
    ruleId,
    ruleVersion: version,
    eventId: id,
    position,
    recipient,
    outcome,
    reason,
  }));
}
