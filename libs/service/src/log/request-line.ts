import type { Logger } from 'pino';

export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern, never the path: ids and query values may be personal. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** Slower than this is worth a line even when it went well. */
const SLOW_MS = 1000;

/** One line a request: warnings for what failed on our side, info for refusals and slow ones, the rest only at `debug` (metrics count them). */
export function logRequest(logger: Logger, request: AnsweredRequest): void {
  const level = request.status >= 500 ? 'warn' : request.status >= 400 || request.milliseconds >= SLOW_MS ? 'info' : 'debug';
  logger[level]({ ...request, milliseconds: Math.round(request.milliseconds * 10) / 10 }, 'request');
}
