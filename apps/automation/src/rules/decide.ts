import { readToday, type EntityRef, type TypeRegistry } from '#libs/contracts';
import type { RuleEvent } from '#libs/rules';
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

/** Records of events whose tags must be known before rules can be asked: where nothing else says no. */
export function taggedRecords(
  all: readonly Considered[],
  types: TypeRegistry,
): { readonly event: SlimEvent; readonly entity: EntityRef }[] {
  return all.flatMap(({ event, rules }) => {
    const asking = rules.filter(({ compiled }) => compiled.tagged.size > 0);
    if (asking.length === 0) return [];
    const asked = asRuleEvent(event, () => [], types);
    const open = asking.filter(({ compiled }) => compiled.mayMatch(asked));
    return event.entities.filter(({ type }) => open.some(({ compiled }) => compiled.tagged.has(type))).map((entity) => ({ event, entity }));
  });
}

/** Tags by event and record. */
export type TagsOf = (event: SlimEvent, entity: EntityRef) => readonly string[];

export interface Decided {
  readonly effects: readonly Effect[];
  /** By tenant, where it had done its `share`: the last event that was asked. */
  readonly stopped: ReadonlyMap<string, bigint>;
}

/**
 * What all rules that match do. Five thousand events, five hundred rules and fifty recipients would be more than memory holds: who has `share`
 * effects stops there, and goes on with the next batch. Other tenants do not notice.
 */
export function decideAll(all: readonly Considered[], tagsOf: TagsOf, types: TypeRegistry, share: number): Decided {
  const effects: Effect[] = [];
  const counts = new Map<string, number>();
  const stopped = new Map<string, bigint>();
  for (const { event, rules } of all) {
    const { tenantId, position } = event;
    if (stopped.has(tenantId)) continue;
    const asked = asRuleEvent(event, tagsOf, types);
    const made = rules.flatMap((rule) => effectsOf(rule, event, asked));
    for (const effect of made) effects.push(effect);
    const count = (counts.get(tenantId) ?? 0) + made.length;
    counts.set(tenantId, count);
    if (count >= share) stopped.set(tenantId, position);
  }
  return { effects, stopped };
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

/** A payload of an older version is looked at as the newest reads it. */
function asRuleEvent(event: SlimEvent, tagsOf: TagsOf, types: TypeRegistry): RuleEvent {
  const definition = types.resolve(event.type, event.tenantId);
  const payload = definition ? readToday(definition, event.version, event.payload).payload : event.payload;
  return { ...event, payload, tagsOf: (entity) => tagsOf(event, entity) };
}
