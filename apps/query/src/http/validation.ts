import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';
import { hasForbiddenCharacter } from '#libs/contracts';
import type { FieldError } from '#libs/service';
import { fieldProblem, malformed } from './problem-exception.js';

/** Every parameter is declared in a class; what is not declared is refused by name. */
const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: false },
};

/**
 * Turns parameters and bodies into their classes, or ends the request with 400. Nest's own pipe does the same with
 * promises and clean-ups that no class here needs, at twice the cost.
 */
export class RequestValidation implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined) return value;
    if (type === 'body') assertBody(value);
    const request = plainToInstance(metatype as new () => object, value ?? {});
    const errors = validateSync(request, OPTIONS);
    if (errors.length > 0) {
      const faults = errors.flatMap((error) => fieldErrors(error));
      throw fieldProblem(400, 'malformed', faults);
    }
    return withoutNulls(request);
  }
}

/** Levels of objects and arrays in a body, itself the first: an entry's payload may have 64. What walks over bodies does so by recursion. */
const DEEPEST_BODY = 80;

/** Absent is as good as empty: the class says what is needed. */
function assertBody(value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object' || Array.isArray(value)) throw malformed('body', 'must be a JSON object');
  assertMembers(value, DEEPEST_BODY);
}

/** class-transformer takes a member `constructor` for the class of its object, at any depth, and calls it. */
function assertMembers(value: object, levels: number, within = ''): void {
  if (levels === 0) throw malformed('body', 'is nested too deeply');
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'constructor') throw malformed(within + name, 'is no name that a body may hold');
    if (hasForbiddenCharacter(name)) throw malformed(within.slice(0, -1) || 'body', UNHOLDABLE);
    if (typeof inner === 'string' && hasForbiddenCharacter(inner)) throw malformed(within + name, UNHOLDABLE);
    if (typeof inner === 'object' && inner !== null) assertMembers(inner as object, levels - 1, `${within}${name}.`);
  }
}

/** The log refuses them as well, but can name only the fields of a type; rules and types have no log before them. */
const UNHOLDABLE = 'must not hold NUL or a lone surrogate';

/** What may be left out may also be null, as clients write it; handlers see neither. */
function withoutNulls<T extends object>(request: T): T {
  for (const [name, value] of Object.entries(request)) if (value === null) Reflect.deleteProperty(request, name);
  return request;
}

function fieldErrors(error: ValidationError, within = ''): FieldError[] {
  const field = within + error.property;
  // decorators are asked from the last to the first, and the first says what kind of value it should be: a word is told
  // that it is no number before it is told that it is too large
  const first = Object.entries(error.constraints ?? {}).at(-1);
  const own = first ? [{ field, message: readable(...first, error.property) }] : [];
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}

/** class-validator's sentences begin with the property; the field stands beside the message already. */
function readable(rule: string, message: string, property: string): string {
  if (rule === 'whitelistValidation') return 'is no parameter of this request';
  if (rule === 'isNumber') return 'must be a number';
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
