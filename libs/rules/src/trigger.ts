import { asksTags, compileCondition } from './compile-condition.js';
import { Faults, type Fault, type Members } from './faults.js';
import { readCondition, readTypes, type ResolveType } from './parse-rule.js';
import type { Condition, RuleEvent } from './rule.js';

/** What starts something: types, and what must hold for their events. Read as rules read it. */
export interface Trigger {
  /** Canonical types, each once, sorted. */
  readonly on: readonly string[];
  readonly if?: Condition;
}

/** What a trigger looks at: tags are not among it. */
export type TriggerEvent = Omit<RuleEvent, 'tagsOf' | 'takenBack'>;

export type ParsedTrigger =
  { readonly outcome: 'trigger'; readonly trigger: Trigger } | { readonly outcome: 'refused'; readonly faults: readonly Fault[] };

/** Reads `on` and `if` of a value and leaves its other members to the caller. Pointers of faults begin with `pointer`. Does not throw. */
export function parseTrigger(value: Members, resolve: ResolveType, pointer = ''): ParsedTrigger {
  const faults = new Faults();
  const types = readTypes(value['on'], resolve, faults);
  const condition = readCondition(value['if'], types, faults);
  refuseTags(condition, '/if', faults);
  if (faults.found.length > 0) {
    return { outcome: 'refused', faults: faults.found.map((fault) => ({ ...fault, pointer: pointer + fault.pointer })) };
  }
  return { outcome: 'trigger', trigger: { on: types.map(({ type }) => type), ...(condition && { if: condition }) } };
}

/** Makes a trigger that `parseTrigger` has accepted into a question. Never throws. */
export function compileTrigger({ on, if: condition }: Trigger): (event: TriggerEvent) => boolean {
  const holds = condition ? compileCondition(condition) : () => true;
  return (event) => on.includes(event.type) && holds({ ...event, takenBack: false, tagsOf: () => [] });
}

/** Tags are known to whoever follows them; a trigger must decide without. */
function refuseTags(condition: Condition | undefined, pointer: string, faults: Faults): void {
  if (condition === undefined) return;
  if ('all' in condition) return condition.all.forEach((part, i) => refuseTags(part, `${pointer}/all/${i}`, faults));
  if ('any' in condition) return condition.any.forEach((part, i) => refuseTags(part, `${pointer}/any/${i}`, faults));
  if ('not' in condition) return refuseTags(condition.not, `${pointer}/not`, faults);
  if (asksTags(condition)) faults.add(`${pointer}/field`, 'tags are not known here');
}
