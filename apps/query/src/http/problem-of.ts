import { HttpException } from '@nestjs/common';
import { problem, type Problem } from '#libs/service';
import { isUnlucky } from '#libs/store';
import { ProblemException } from './problem-exception.js';

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** Fastify's own refusals, by its error codes. */
const FASTIFY_DETAILS: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'the address is not well formed',
  FST_ERR_MAX_PARAM_LENGTH: 'a part of the address is too long',
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is too large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'send application/json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the body is not as long as announced',
};

/** What a caller is told of an error: never a stack, a statement or a value. */
export function problemOf(error: unknown): ProblemAnswer {
  if (error instanceof ProblemException) return { problem: error.problem, headers: error.headers };
  if (error instanceof HttpException) return plain(error.getStatus(), undefined);
  if (isUnlucky(error)) {
    const away = problem({ status: 503, type: 'unavailable', detail: 'the database does not answer; try again shortly' });
    return { problem: away, headers: { 'retry-after': '2' } };
  }
  const { statusCode, code } = (typeof error === 'object' && error !== null ? error : {}) as { statusCode?: unknown; code?: unknown };
  const refusal = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return plain(refusal ? statusCode : 500, refusal && typeof code === 'string' ? FASTIFY_DETAILS[code] : undefined);
}

function plain(status: number, detail: string | undefined): ProblemAnswer {
  return { problem: problem({ status, ...(detail !== undefined && { detail }) }), headers: {} };
}
