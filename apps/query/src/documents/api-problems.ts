import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';

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

  @ApiProperty()
  title: string;

  @ApiProperty({ example: 422 })
  status: number;

  @ApiPropertyOptional()
  detail?: string;

  @ApiPropertyOptional({ type: [FieldErrorAnswer] })
  errors?: FieldErrorAnswer[];
}

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'A parameter is not well formed, or not declared',
  401: 'No token, or one that is not valid',
  403: 'The token does not allow it, or does not name this tenant',
  404: 'Nothing here that the caller may see: unknown, of another tenant, or hidden',
  409: 'What the position token names is not visible yet: members asked, head and lag say how far the log is',
  412: 'If-Match names another version than the one that stands',
  413: 'The body is larger than 1 MiB',
  415: 'The body is not application/json',
  422: 'Well formed, but it means nothing here: an unknown type or record type, an empty range, a payload that does not fit its type',
  503: 'The database, Kafka or the token issuer does not answer; see Retry-After',
};

/** The bearer token, and the problem documents that a controller may answer with. */
export function ApiProblems(...statuses: readonly number[]): ClassDecorator {
  const content = { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemAnswer) } } };
  const responses = statuses.map((status) => ApiResponse({ status, description: MEANINGS[status] ?? '', content }));
  return applyDecorators(ApiBearerAuth(), ApiExtraModels(ProblemAnswer), ...responses);
}
