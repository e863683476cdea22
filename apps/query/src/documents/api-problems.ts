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
  422: 'Well formed, but an unknown type, record type or an empty range',
  503: 'The database or the token issuer does not answer; see Retry-After',
};

/** The bearer token, and the problem documents that a controller may answer with. */
export function ApiProblems(...statuses: readonly number[]): ClassDecorator {
  const content = { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemAnswer) } } };
  const responses = statuses.map((status) => ApiResponse({ status, description: MEANINGS[status] ?? '', content }));
  return applyDecorators(ApiBearerAuth(), ApiExtraModels(ProblemAnswer), ...responses);
}
