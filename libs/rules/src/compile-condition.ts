import { parseTime } from '#libs/contracts';
import { valuesOf } from './read-values.js';
import type { Comparison, Condition, RuleEvent, Scalar } from './rule.js';

/** Whether an event meets a condition. Never throws: a value of another kind than expected does not hold. */
export type Holds = (event: RuleEvent) => boolean;

export function compileCondition(condition: Condition): Holds {
  return combine(condition, (comparison) => compileComparison(comparison));
}

/** Whether an event may meet it, whatever tags its records turn out to have: asked before tags are looked up, which costs most. */
export function compileWithoutTags(condition: Condition): Holds {
  return combine(condition, (comparison, wanted) => (asksTags(comparison) ? () => wanted : compileComparison(comparison)));
}

export const asksTags = ({ field }: Comparison): boolean => field.endsWith('.tags') && !field.startsWith('payload.');

/** `wanted`: the answer of a comparison that makes the whole more likely to hold; `not` turns it round. */
function combine(condition: Condition, compile: (comparison: Comparison, wanted: boolean) => Holds, wanted = true): Holds {
  if ('all' in condition) {
    const parts = condition.all.map((part) => combine(part, compile, wanted));
    return (event) => parts.every((holds) => holds(event));
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => combine(part, compile, wanted));
    return (event) => parts.some((holds) => holds(event));
  }
  if ('not' in condition) {
    const holds = combine(condition.not, compile, !wanted);
    return (event) => !holds(event);
  }
  return compile(condition, wanted);
}

function compileComparison({ field, op, value }: Comparison): Holds {
  const read = valuesOf(field);
  if (op === 'exists') return (event) => read(event).length > 0 === value;
  if (op === 'ne') {
    const same = testOf('eq', value);
    return (event) => !read(event).some(same);
  }
  const test = testOf(op, value);
  return (event) => read(event).some(test);
}

type Test = (value: unknown) => boolean;

function testOf(op: Exclude<Comparison['op'], 'exists' | 'ne'>, operand: Comparison['value']): Test {
  switch (op) {
    case 'eq':
    case 'includes':
      return equals(operand as Scalar);
    case 'in': {
      const tests = (operand as readonly Scalar[]).map(equals);
      return (value) => tests.some((test) => test(value));
    }
    case 'contains':
      return (value) => typeof value === 'string' && value.includes(String(operand));
    case 'startsWith':
      return (value) => typeof value === 'string' && value.startsWith(String(operand));
    default:
      return ordered(op, operand as string | number);
  }
}

/** A number also equals the decimal text of an amount. */
function equals(operand: Scalar): Test {
  return typeof operand === 'number' ? (value) => numberOf(value) === operand : (value) => value === operand;
}

/** Numbers with numbers and decimal texts, times with times. */
function ordered(op: 'gt' | 'gte' | 'lt' | 'lte', operand: string | number): Test {
  const right = typeof operand === 'number' ? operand : parseTime(operand);
  const read = typeof operand === 'number' ? numberOf : timeOf;
  return (value) => {
    const left = read(value);
    if (left === undefined || right === undefined) return false;
    switch (op) {
      case 'gt':
        return left > right;
      case 'gte':
        return left >= right;
      case 'lt':
        return left < right;
      case 'lte':
        return left <= right;
    }
  };
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

const timeOf = (value: unknown): bigint | undefined => (typeof value === 'string' ? parseTime(value) : undefined);
