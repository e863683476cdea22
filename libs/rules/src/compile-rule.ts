import { asksTags, compileCondition, compileWithoutTags, type Holds } from './compile-condition.js';
import { isUserId } from './parse-action.js';
import { valuesOf } from './read-values.js';
import type { Comparison, Condition, Decision, MatchOutcome, Recipient, Rule, RuleEvent } from './rule.js';

/** A rule ready to be asked. */
export interface CompiledRule {
  readonly rule: Rule;
  /** The types of records whose tags it looks at: what to load before it is asked. */
  readonly tagged: ReadonlySet<string>;
  /** Whether it may match whatever the tags are; where not, none need be loaded. */
  mayMatch(event: RuleEvent): boolean;
  /** Whether it looks into the payload. */
  readonly readsPayload: boolean;
  /** What it does about an event of one of its types. Never throws. */
  decide(event: RuleEvent): Decision;
}

const QUIET: Decision = { outcome: 'quiet' };
const MICROS_PER_HOUR = 3_600_000_000;

/** Makes a rule that `parseRule` has accepted into a function. */
export function compileRule(rule: Rule): CompiledRule {
  const holds: Holds = rule.if ? compileCondition(rule.if) : () => true;
  const recipients = rule.then.map(({ notify }) => recipientsOf(notify));
  const comparisons = comparisonsOf(rule.if);
  const fields = [
    ...comparisons.map(({ field }) => field),
    ...rule.then.flatMap(({ notify }) => ('userFrom' in notify ? [notify.userFrom] : [])),
  ];
  return {
    rule,
    tagged: new Set(comparisons.filter(asksTags).map(({ field }) => field.slice(0, -'.tags'.length))),
    mayMatch: rule.if ? compileWithoutTags(rule.if) : () => true,
    readsPayload: fields.some((field) => field.startsWith('payload.') || field === 'mentions'),
    decide(event) {
      if (!holds(event)) return QUIET;
      const users = new Set(recipients.flatMap((read) => read(event)).filter(isUserId));
      if (users.size === 0) return QUIET;
      return { outcome: outcomeOf(rule, event), recipients: [...users] };
    },
  };
}

/** Age is measured when the event was appended, not by the clock of whoever evaluates: a replay and a dry run decide the same. */
function outcomeOf({ maxAgeHours }: Rule, event: RuleEvent): MatchOutcome {
  if (event.ingestMode === 'backfill') return 'held: backfill';
  const age = Number(event.appendedAt - event.occurredAt);
  if (maxAgeHours !== undefined && age > maxAgeHours * MICROS_PER_HOUR) return 'too old';
  return event.takenBack ? 'retracted' : 'fired';
}

function recipientsOf(recipient: Recipient): (event: RuleEvent) => readonly unknown[] {
  if ('user' in recipient) return () => [recipient.user];
  if (recipient.userFrom === 'actor') return ({ actor }) => (actor.type === 'human' ? [actor.id] : []);
  return recipient.userFrom === 'mentions' ? mentionsOf : valuesOf(recipient.userFrom);
}

const listed = valuesOf('payload.mentions');

/** Those in the payload's `mentions`, and references to users in the role `mentioned`: producers write either or both. */
function mentionsOf(event: RuleEvent): readonly unknown[] {
  return [...listed(event), ...event.entities.filter(({ type, role }) => type === 'user' && role === 'mentioned').map(({ id }) => id)];
}

function comparisonsOf(condition: Condition | undefined): Comparison[] {
  if (condition === undefined) return [];
  if ('all' in condition) return condition.all.flatMap(comparisonsOf);
  if ('any' in condition) return condition.any.flatMap(comparisonsOf);
  return 'not' in condition ? comparisonsOf(condition.not) : [condition];
}
