import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiServiceUnavailableResponse } from '@nestjs/swagger';

/** How a process is. */
export class ReportAnswer {
  @ApiProperty({ enum: ['ok', 'degraded', 'unavailable'] })
  status: string;

  @ApiProperty({ example: 'query' })
  app: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: { state: { type: 'string', enum: ['up', 'degraded', 'down'] }, details: { description: 'States and numbers' } },
      required: ['state'],
    },
    description: 'By what was looked at',
    example: { database: { state: 'up' } },
  })
  checks: object;
}

/** 200 or 503, with the same document. */
export const ApiReports = (): MethodDecorator =>
  applyDecorators(
    ApiOkResponse({ type: ReportAnswer, description: 'It is' }),
    ApiServiceUnavailableResponse({ type: ReportAnswer, description: 'It is not: something is down' }),
  );
