import { parseTime } from '#libs/contracts';
import type { Field, FieldKind } from './field.js';
import { LIMITS } from './limits.js';
import type { Operator, Scalar } from './rule.js';

const ORDER = ['gt', 'gte', 'lt', 'lte'] as const;

/** Which questions mean something for which kind of field. */
const FITTING: Readonly<Record<FieldKind, readonly Operator[]>> = {
  text: ['eq', 'ne', 'in', 'contains', 'startsWith', 'exists'],
  number: ['eq', 'ne', 'in', ...ORDER, 'exists'],
  decimal: ['eq', 'ne', 'in', ...ORDER, 'exists'],
  flag: ['eq', 'ne', 'exists'],
  time: [...ORDER, 'exists'],
  texts: ['includes', 'exists'],
  object: ['exists'],
};

export const operatorsOf = (kind: FieldKind): readonly Operator[] => FITTING[kind];

/** What is wrong with the value to compare with; `undefined`: nothing. */
export function operandFault(op: Operator, field: Field, value: unknown): string | undefined {
  if (op === 'exists') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (op !== 'in') return scalarFault(op, field, value);
  if (!Array.isArray(value) || value.length === 0 || value.length > LIMITS.listed) return `must be a list of 1 to ${LIMITS.listed} values`;
  return value.map((each) => scalarFault('eq', field, each)).find((fault) => fault !== undefined);
}

function scalarFault(op: Operator, { kind, values }: Field, value: unknown): string | undefined {
  switch (kind) {
    case 'number':
    case 'decimal':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'time':
      return typeof value === 'string' && parseTime(value) !== undefined ? undefined : 'must be an RFC 3339 time with offset';
    default: {
      if (typeof value !== 'string' || value === '' || value.length > LIMITS.textLength)
        return `must be text of 1 to ${LIMITS.textLength} characters`;
      const whole = op === 'eq' || op === 'ne';
      return whole && values && !values.includes(value) ? `is never that: it is one of ${values.join(', ')}` : undefined;
    }
  }
}

/** A value that has passed. */
export const asOperand = (value: unknown): Scalar | readonly Scalar[] => value as Scalar | readonly Scalar[];
