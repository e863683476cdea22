export { compileRule, type CompiledRule } from './compile-rule.js';
export type { Fault } from './faults.js';
export { LIMITS as RULE_LIMITS } from './limits.js';
export { askedAbout, recordsToLookUp, type LoggedEvent } from './logged-event.js';
export { MENTION_RULE_ID, mentionRule } from './mention.js';
export { parseRule, type ParsedRule, type ResolveType } from './parse-rule.js';
export type * from './rule.js';
export { OPERATORS } from './rule.js';
export { compileTrigger, parseTrigger, type ParsedTrigger, type Trigger, type TriggerEvent } from './trigger.js';
