import { HttpException } from '@nestjs/common';
import { problem, type Problem } from '#libs/service';
import { isUnlucky } from '#libs/store';
import { ProblemException } from './problem-exception.js';

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

interface Refusal {
  readonly detail: string;
  /** What of the request is at fault. */
  readonly field?: string;
}

/** Fastify's own refusals and those of our body parser, by their error codes. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  FST_ERR_BAD_URL: { detail: 'the address is not well formed' },
  FST_ERR_MAX_PARAM_LENGTH: { detail: 'a part of the address is too long' },
  FST_ERR_CTP_BODY_TOO_LARGE: { detail: 'the body is too large', field: 'body' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { detail: 'send application/json', field: 'content-type' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { detail: 'the body is empty', field: 'body' },
  FST_ERR_CTP_INVALID_JSON_BODY: { detail: 'the body is not JSON', field: 'body' },
  NOT_UTF8: { detail: 'the body is not UTF-8', field: 'body' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { detail: 'the body is not as long as announced', field: 'content-length' },
};

/** What a caller is told of an error: never a stack, a statement or a value. */
export function problemOf(error: unknown): ProblemAnswer {
  if (error instanceof ProblemException) return { problem: error.problem, headers: error.headers };
  // Nest wraps what Fastify refuses
  if (error instanceof HttpException) return plain(error.getStatus(), refusalOf(error.cause));
  if (isUnlucky(error)) {
    const away = problem({ status: 503, type: 'unavailable', detail: 'the database does not answer; try again shortly' });
    return { problem: away, headers: { 'retry-after': '2' } };
  }
  const { statusCode } = (typeof error === 'object' && error !== null ? error : {}) as { statusCode?: unknown };
  const refused = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return refused ? plain(statusCode, refusalOf(error)) : plain(500, undefined);
}

function refusalOf(error: unknown): Refusal | undefined {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? REFUSALS[code] : undefined;
}

function plain(status: number, refusal: Refusal | undefined): ProblemAnswer {
  if (refusal === undefined) return { problem: problem({ status }), headers: {} };
  const { detail, field } = refusal;
  const errors = field === undefined ? {} : { errors: [{ field, message: detail }] };
  return { problem: problem({ status, detail, ...errors }), headers: {} };
}
