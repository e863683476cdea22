import { readToday, type EntityRef, type TypeRegistry } from '#libs/contracts';
import type { CompiledRule } from './compile-rule.js';
import type { RuleEvent } from './rule.js';

/** An event as the log holds it. Automation and dry runs ask about the same, in the same way: what one does, the other foretells. */
export interface LoggedEvent extends Omit<RuleEvent, 'tagsOf'> {
  readonly tenantId: string;
  /** Of the payload's schema. */
  readonly version: number;
}

/** What a rule is asked about a logged event: a payload of an older version is looked at as the newest reads it. */
export function askedAbout(event: LoggedEvent, types: TypeRegistry, tagsOf: RuleEvent['tagsOf'] = () => []): RuleEvent {
  const definition = types.resolve(event.type, event.tenantId);
  const payload = definition ? readToday(definition, event.version, event.payload).payload : event.payload;
  return { ...event, payload, tagsOf };
}

/** The records of an event whose tags must be known before any of the rules can be asked: where nothing else says no. */
export function recordsToLookUp(event: LoggedEvent, rules: readonly CompiledRule[], types: TypeRegistry): EntityRef[] {
  const asking = rules.filter(({ tagged }) => tagged.size > 0);
  if (asking.length === 0) return [];
  const asked = askedAbout(event, types);
  const open = asking.filter((rule) => rule.mayMatch(asked));
  return event.entities.filter(({ type }) => open.some(({ tagged }) => tagged.has(type)));
}
