import type { EventDefinition } from '#libs/contracts';
import { isObject, member, refuseUnknown, type Faults, type Members } from './faults.js';
import { findField } from './field.js';
import { LIMITS } from './limits.js';
import { asOperand, operandFault, operatorsOf } from './operand.js';
import { OPERATORS, type Comparison, type Condition, type Operator } from './rule.js';

/** Reads `if`. Whatever it is given, it ends: nesting and size are bounded before they are followed. */
export class ConditionReader {
  private seen = 0;

  constructor(
    private readonly types: readonly EventDefinition[],
    private readonly faults: Faults,
  ) {}

  read(value: unknown, pointer: string, depth = 1): Condition | undefined {
    this.seen++;
    if (this.seen > LIMITS.conditions) return this.tooMany(pointer);
    if (depth > LIMITS.depth) return this.faults.add(pointer, `is nested more than ${LIMITS.depth} deep`);
    if (!isObject(value)) return this.faults.add(pointer, 'must be an object: all, any, not, or field, op and value');
    const kind = (['all', 'any', 'not'] as const).find((name) => Object.hasOwn(value, name));
    if (kind === undefined) return this.comparison(value, pointer);
    refuseUnknown(value, [kind], pointer, this.faults);
    return kind === 'not' ? this.negation(value, pointer, depth) : this.several(kind, value[kind], member(pointer, kind), depth);
  }

  private tooMany(pointer: string): undefined {
    // said once, at the first that is too many
    return this.seen === LIMITS.conditions + 1
      ? this.faults.add(pointer, `is one of more than ${LIMITS.conditions} conditions`)
      : undefined;
  }

  private negation(value: Members, pointer: string, depth: number): Condition | undefined {
    const not = this.read(value['not'], member(pointer, 'not'), depth + 1);
    return not && { not };
  }

  private several(kind: 'all' | 'any', value: unknown, pointer: string, depth: number): Condition | undefined {
    if (!Array.isArray(value) || value.length === 0) return this.faults.add(pointer, 'must be a list of at least one condition');
    if (value.length > LIMITS.conditions) return this.faults.add(pointer, `holds more than ${LIMITS.conditions} conditions`);
    const parts = value.map((part, i) => this.read(part, member(pointer, i), depth + 1)).filter((part) => part !== undefined);
    return kind === 'all' ? { all: parts } : { any: parts };
  }

  private comparison(value: Members, pointer: string): Comparison | undefined {
    refuseUnknown(value, ['field', 'op', 'value'], pointer, this.faults);
    const { field: path, op } = value;
    if (typeof path !== 'string') return this.faults.add(member(pointer, 'field'), 'must name a field');
    const looked = findField(path, this.types);
    if (looked.outcome === 'unknown') return this.faults.add(member(pointer, 'field'), looked.message);
    if (!isOperator(op)) return this.faults.add(member(pointer, 'op'), `must be one of ${OPERATORS.join(', ')}`);
    const fitting = operatorsOf(looked.field.kind);
    if (!fitting.includes(op)) {
      return this.faults.add(member(pointer, 'op'), `means nothing for ${looked.field.kind}; it takes ${fitting.join(', ')}`);
    }
    const operand = op === 'exists' && !Object.hasOwn(value, 'value') ? true : value['value'];
    const fault = operandFault(op, looked.field, operand);
    return fault === undefined ? { field: path, op, value: asOperand(operand) } : this.faults.add(member(pointer, 'value'), fault);
  }
}

const isOperator = (op: unknown): op is Operator => (OPERATORS as readonly unknown[]).includes(op);
