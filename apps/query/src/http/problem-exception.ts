import { HttpException } from '@nestjs/common';
import { problem, type FieldError, type Problem } from '#libs/service';

/** A request that ends in a problem document. What handlers and guards throw. */
export class ProblemException extends HttpException {
  constructor(
    readonly problem: Problem,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem.title, problem.status);
  }
}

/** 400: the request is not well formed. */
export function malformed(field: string, message: string): ProblemException {
  return fieldProblem(400, 'malformed', [{ field, message }]);
}

/** 422: well formed, but it means nothing here. */
export function meaningless(type: string, field: string, message: string): ProblemException {
  return fieldProblem(422, type, [{ field, message }]);
}

export function fieldProblem(status: number, type: string, errors: readonly FieldError[]): ProblemException {
  return new ProblemException(
    problem({ status, type, detail: errors.map((error) => `${error.field}: ${error.message}`).join('; '), errors }),
  );
}

/** 401, with what RFC 6750 § 3 wants beside it. */
export function unauthenticated(detail: string, tokenGiven: boolean): ProblemException {
  const challenge = tokenGiven ? 'Bearer realm="annals", error="invalid_token"' : 'Bearer realm="annals"';
  return new ProblemException(problem({ status: 401, type: 'unauthenticated', detail }), { 'www-authenticate': challenge });
}

export function forbidden(detail: string, field?: string): ProblemException {
  const errors = field === undefined ? {} : { errors: [{ field, message: detail }] };
  return new ProblemException(problem({ status: 403, type: 'forbidden', detail, ...errors }));
}

/** The same for what does not exist, what belongs to another tenant, and what the caller may not see. */
export function notFound(detail = 'there is nothing here that you may see'): ProblemException {
  return new ProblemException(problem({ status: 404, type: 'not-found', detail }));
}

export function unavailable(detail: string): ProblemException {
  return new ProblemException(problem({ status: 503, type: 'unavailable', detail }), { 'retry-after': '2' });
}
