import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { FieldError } from '#libs/service';
import { fieldProblem } from './problem-exception.js';

/** Every parameter is declared in a class; what is not declared is refused by name. */
export function requestValidation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      fieldProblem(
        400,
        'malformed',
        errors.flatMap((error) => fieldErrors(error)),
      ),
  });
}

function fieldErrors(error: ValidationError, within = ''): FieldError[] {
  const field = within + error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message: readable(rule, message, error.property),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}

/** class-validator's sentences begin with the property; the field stands beside the message already. */
function readable(rule: string, message: string, property: string): string {
  if (rule === 'whitelistValidation') return 'is no parameter of this request';
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
