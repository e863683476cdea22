import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { problem, type Problem } from '#libs/service';

class FieldErrorAnswer {
  @ApiProperty({ description: 'Query or path parameter, header or body field', example: 'type' })
  field: string;

  @ApiProperty({ example: 'is no known type; near names: email.opened' })
  message: string;
}

/** RFC 9457. */
class ProblemAnswer {
  @ApiProperty({ example: 'urn:annals:problem:unknown-type' })
  type: string;

  @ApiProperty({ example: 'Request cannot be fulfilled as asked' })
  title: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599, example: 422 })
  status: number;

  @ApiPropertyOptional({ example: 'type: is no known type; near names: email.opened' })
  detail?: string;

  @ApiPropertyOptional({ type: [FieldErrorAnswer], description: 'What of the request is at fault' })
  errors?: FieldErrorAnswer[];
}

interface Meaning {
  readonly when: string;
  readonly example: Problem;
  readonly headers?: Readonly<Record<string, string>>;
}

const of = (status: number, type: string | undefined, field: string, message: string): Problem =>
  problem({ status, ...(type && { type }), detail: type ? `${field}: ${message}` : message, errors: [{ field, message }] });

const MEANINGS: Readonly<Record<number, Meaning>> = {
  400: {
    when: 'A parameter, header or body is not well formed, or a parameter is not declared',
    example: of(400, 'malformed', 'orgid', 'must be a UUID'),
  },
  401: {
    when: 'No token, or one that is not valid',
    example: problem({ status: 401, type: 'unauthenticated', detail: 'the token has expired' }),
    headers: { 'www-authenticate': 'Bearer, and error="invalid_token" where a token was sent (RFC 6750)' },
  },
  403: {
    when: 'The token does not allow it, or does not name this tenant',
    example: problem({ status: 403, type: 'forbidden', detail: 'this is for staff' }),
  },
  404: {
    when: 'Nothing here that the caller may see: unknown, of another tenant, or hidden',
    example: problem({ status: 404, type: 'not-found', detail: 'there is nothing here that you may see' }),
  },
  412: {
    when: 'If-Match names another version than the one that stands',
    example: problem({ status: 412, type: 'changed-meanwhile', title: 'Changed meanwhile', detail: 'its version is 3 now; read it again' }),
  },
  413: { when: 'The body is larger than 1 MiB', example: of(413, undefined, 'body', 'the body is too large') },
  415: { when: 'The body is not application/json', example: of(415, undefined, 'content-type', 'send application/json') },
  422: {
    when: 'Well formed, but it means nothing here: an unknown type or record type, an empty range, a payload that does not fit its type',
    example: of(422, 'unknown-type', 'type', 'is no known type; near names: email.opened'),
  },
  503: {
    when: 'The database, Kafka or the token issuer does not answer',
    example: problem({ status: 503, type: 'unavailable', detail: 'the database does not answer; try again shortly' }),
    headers: { 'retry-after': 'Seconds after which to try again' },
  },
};

/** What the guard, the validation and whatever takes a body may answer, on any route. 413 and 415 are taken from reads again. */
const ANYWHERE = [400, 401, 403, 413, 415, 503];

/** Of a controller behind `AuthGuard`: the bearer token and what any of its routes may answer; `further`: what each of them may, besides. */
export function ApiProblems(...further: readonly number[]): ClassDecorator {
  return applyDecorators(ApiBearerAuth(), ApiExtraModels(ProblemAnswer), ApiRefuses(...ANYWHERE, ...further));
}

/** Of one route: the problem documents that it may answer with, besides those of its controller. */
export function ApiRefuses(...statuses: readonly number[]): ClassDecorator & MethodDecorator {
  return applyDecorators(...[...new Set(statuses)].map(response));
}

function response(status: number): ClassDecorator & MethodDecorator {
  const { when: description, example, headers: described = {} } = MEANINGS[status] ?? { when: '', example: problem({ status }) };
  const content = { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemAnswer) }, example } };
  const named = Object.entries(described).map(
    ([name, text]) => [name, { description: text, schema: { type: 'string' as const } }] as const,
  );
  return ApiResponse({ status, description, content, headers: Object.fromEntries(named) });
}
